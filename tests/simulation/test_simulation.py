"""Whatever goes wrong on the way, what comes out is what the oracle reads from the whole log."""

import json
import os
import subprocess
import sys

import pytest

from simulation.play import WEATHERS, play, shortest
from simulation.run import run
from simulation.stage import CALM, Weather
from simulation.teller import story_of

SEEDS = 2000
LOT = 50


@pytest.mark.parametrize("first", range(0, SEEDS, LOT))
def test_every_story_ends_as_the_oracle_says(first: int) -> None:
    for seed in range(first, first + LOT):
        if play(seed).differences:
            pytest.fail(f"seed {seed}\n{shortest(seed).told()}", pytrace=False)


@pytest.mark.parametrize("weather", WEATHERS, ids=lambda weather: weather.name)
def test_a_seed_plays_the_same_story_every_time(weather: Weather) -> None:
    seed = WEATHERS.index(weather)
    assert play(seed).trace == play(seed).trace


def test_a_seed_plays_the_same_story_in_every_process() -> None:
    """Where sets come into it, their order is another one each time Python starts."""
    program = "from simulation.play import play; print(*(play(s).outcomes() for s in range(8)))"
    found = [
        subprocess.run(  # noqa: S603 - a program of our own
            [sys.executable, "-c", program],
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert found[0] == found[1] != b""


def test_a_story_is_drawn_from_its_seed_alone() -> None:
    assert story_of(7) == story_of(7)
    assert story_of(7) != story_of(8)


def test_stories_are_long_and_all_different() -> None:
    lengths = [play(seed).events for seed in range(40)]
    assert sum(lengths) > 40 * 200
    assert max(lengths) > 3 * min(lengths)


def test_a_failing_story_is_cut_down_to_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recount that forgets packages fails with one package, and the trace says which."""
    monkeypatch.setattr("vtr.use_cases.recount.count", lambda _: {})
    failed = shortest(1, CALM)
    assert failed.differences
    assert len(failed.story.events) == 1
    assert failed.story.events[0].subject in failed.told()


def test_an_error_that_nobody_expects_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("vtr.domain.parcels.Parcel.claimed")
    assert "AttributeError" in play(1, CALM).told()


def test_a_run_ends_with_its_counts() -> None:
    found = run(range(4), processes=1)
    assert found["seeds"] == 4
    assert found["differences"] == 0
    assert json.loads(json.dumps(found)) == found


def test_a_run_tells_a_failing_story_that_its_seed_plays_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("vtr.use_cases.recount.count", lambda _: {})
    assert run([1], processes=1)["differences"]
    assert capsys.readouterr().err == f"seed 1\n{shortest(1).told()}\nfailing seeds: [1]\n"
