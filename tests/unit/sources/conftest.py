"""Bodies of sources, read from the fixtures."""

from collections.abc import Callable
from pathlib import Path

import pytest

from vtr.sources import source
from vtr.sources.shared.base import Decoded

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


@pytest.fixture
def decoded() -> Callable[[str], Decoded]:
    """Decode the fixture called ``source/name``."""

    def decode(fixture: str) -> Decoded:
        name, _, _ = fixture.partition("/")
        return source(name).decode((FIXTURES / f"{fixture}.json").read_bytes())

    return decode
