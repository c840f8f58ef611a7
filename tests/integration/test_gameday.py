"""Each alarm is raised by what it is for, and is over when all is well."""

import pytest

from integration.drills import DRILLS, raised_then_quiet
from support.alarms import alarms


def test_every_alarm_has_a_drill() -> None:
    assert DRILLS.keys() == alarms().keys()


@pytest.mark.parametrize("name", DRILLS)
def test_an_alarm_is_raised_by_what_it_is_for_and_over_when_that_is_right(name: str) -> None:
    assert raised_then_quiet(alarms()[name], DRILLS[name]) == (True, False)
