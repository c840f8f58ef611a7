"""Logs, metrics and traces, set up once for every function."""

from aws_lambda_powertools import Logger, Metrics, Tracer

NAMESPACE = "VTR"

logger = Logger(service="vtr")
metrics = Metrics(namespace=NAMESPACE, service="vtr")
tracer = Tracer(service="vtr")
