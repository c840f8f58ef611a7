"""Whatever goes wrong on the way, what comes out is what the oracle reads from the whole log."""

import json

import pytest

from simulation.play import WEATHERS, Played, play, shortest
from simulation.run import run
from simulation.stage import CALM, Weather
from simulation.story import story_of

SEEDS = 80
LOT = 20


@pytest.mark.parametrize("first", range(0, SEEDS, LOT))
def test_every_story_ends_as_the_oracle_says(first: int) -> None:
    for seed in range(first, first + LOT):
        if play(seed).differences:
            pytest.fail(f"seed {seed}\n{shortest(seed).told()}", pytrace=False)


@pytest.mark.parametrize("seed", [119, 175, 179, 199, 211, 215, 241, 291, 293, 309, 343, 399])
def test_stories_that_once_ended_differently(seed: int) -> None:
    assert play(seed).differences == []


@pytest.mark.parametrize("weather", WEATHERS)
def test_a_seed_plays_the_same_story_every_time(weather: Weather) -> None:
    seed = WEATHERS.index(weather)
    one, other = play(seed), play(seed)
    assert one.told() == other.told()
    assert one.events == other.events > 100


def test_a_story_is_drawn_from_its_seed_alone() -> None:
    assert story_of(7) == story_of(7)
    assert story_of(7) != story_of(8)


def test_a_failing_story_is_cut_down_to_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recount that forgets packages fails with one package, and the trace says which."""
    monkeypatch.setattr("vtr.use_cases.recount.count", lambda _: {})
    failed: Played = shortest(1, CALM)
    assert failed.differences
    assert len(failed.story.events) == 1
    assert failed.story.events[0].subject in failed.told()


def test_a_run_ends_with_its_counts() -> None:
    found = run(range(4), processes=1)
    assert found["seeds"] == 4
    assert found["events"] > 4 * 200
    assert json.loads(json.dumps(found)) == found
