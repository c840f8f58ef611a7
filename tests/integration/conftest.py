import io
import logging
from collections.abc import Iterator

import pytest

from integration.deployment import Deployment, deployment
from vtr.observability import logger


@pytest.fixture
def vtr() -> Iterator[Deployment]:
    with deployment() as found:
        yield found


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the functions log."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logger.registered_formatter)
    ours = logging.getLogger(logger.name)
    ours.addHandler(handler)
    yield text
    ours.removeHandler(handler)
