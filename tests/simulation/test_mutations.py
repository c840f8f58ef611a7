"""The simulation bites: every fault that is put into the code is found (docs/simulation.md)."""

import pytest

from simulation.mutations import MUTATIONS, SHOWN_IN, Mutation
from simulation.play import play
from simulation.stage import Weather
from vtr.domain.packages import parcel_of

SEEDS = 500
"""Within this many stories each is found; most are within ten."""


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_fault_in_the_code_is_found(mutate: Mutation) -> None:
    weather = SHOWN_IN.get(mutate)
    found = next((seed for seed in range(SEEDS) if _differs(seed, weather, mutate)), None)
    assert found is not None
    assert play(found, weather).differences == []


def _differs(seed: int, weather: Weather | None, mutate: Mutation) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        mutate(patch)
        found = bool(play(seed, weather).differences)
    parcel_of.cache_clear()  # it may hold what the fault made of a number
    return found
