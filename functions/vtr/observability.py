"""Logs and metrics, set up once for every function."""

import logging

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "VTR"

logger = Logger(service="vtr")
metrics = Metrics(namespace=NAMESPACE, service="vtr")

# The same logger as the standard library has it, which is the kind that batch processors take: a
# record that fails says why in the log, or nobody would know what its dead letter died of.
batch_logger = logging.getLogger(logger.name)
