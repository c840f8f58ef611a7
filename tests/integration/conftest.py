from collections.abc import Iterator

import pytest

from integration.deployment import Deployment, deployment


@pytest.fixture
def vtr() -> Iterator[Deployment]:
    with deployment() as found:
        yield found
