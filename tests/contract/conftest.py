from collections.abc import Iterator

import pytest

from contract.worlds import AwsWorld, MemoryWorld, World
from support.aws import aws_account
from vtr.ports import Ports


@pytest.fixture(params=["memory", "aws"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
    else:
        with aws_account() as aws:
            yield AwsWorld(aws)


@pytest.fixture
def ports(world: World) -> Ports:
    return world.ports


@pytest.fixture
def aws_world() -> Iterator[AwsWorld]:
    with aws_account() as aws:
        yield AwsWorld(aws)
