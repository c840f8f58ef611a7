from collections.abc import Iterator

import pytest

from integration.deployment import SECRET, Deployment
from support.aws import aws_account
from vtr.bootstrap import services


@pytest.fixture
def vtr(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Everything deployed, with the standard source set up."""
    with aws_account() as aws:
        aws.set_secrets("standard", [SECRET])
        yield Deployment(aws, monkeypatch)
        services.cache_clear()
