"""Logs and metrics, set up once for every function."""

import logging

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "VTR"

logger = Logger(service="vtr")
metrics = Metrics(namespace=NAMESPACE, service="vtr")

# The same logger as a standard library one, which batch processors require, so that the log shows
# why a record was sent to the DLQ.
batch_logger = logging.getLogger(logger.name)
