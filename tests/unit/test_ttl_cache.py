"""What is cached is bounded: in time, in names, and what is missing apart."""

from collections.abc import Callable

import pytest

from vtr.adapters import ttl_cache
from vtr.adapters.ttl_cache import Fresh


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def reading(missing_seconds: float = 0.0) -> tuple[Fresh[str | None], list[str]]:
    reads: list[str] = []

    def read(name: str) -> str | None:
        reads.append(name)
        return None if name.startswith("no ") else name.upper()

    return Fresh(read, seconds=30, missing_seconds=missing_seconds), reads


def test_what_is_missing_is_read_every_time_unless_told_otherwise() -> None:
    fresh, reads = reading()
    assert [fresh("no key"), fresh("no key")] == [None, None]
    assert len(reads) == 2


def test_what_is_missing_is_remembered_for_its_own_time(clock: Callable[[float], None]) -> None:
    fresh, reads = reading(missing_seconds=5)
    assert [fresh("no source"), fresh("no source")] == [None, None]
    assert len(reads) == 1
    clock(5)
    assert fresh("no source") is None
    assert len(reads) == 2


def test_of_too_many_names_the_one_asked_for_longest_ago_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ttl_cache, "MOST_NAMES", 3)
    fresh, reads = reading()
    for name in ("a", "b", "c", "a", "d", "a", "c", "d"):
        assert fresh(name) == name.upper()
    assert reads == ["a", "b", "c", "d"]
    fresh("b")
    assert reads[4:] == ["b"]
