"""Which offsets to UTC a place can have; enough of it to see that a source applied a wrong zone."""

from collections.abc import Mapping
from datetime import datetime, timedelta

_FURTHEST_AHEAD = timedelta(hours=14)
_FURTHEST_BEHIND = timedelta(hours=-12)
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
# These keep the time of Greenwich the whole year.
_ON_UTC = frozenset({"BF", "CI", "GH", "GM", "GN", "IS", "LR", "ML", "MR", "SH", "SL", "SN", "TG"})
# Standard time of the states of the United States, in hours; some have two.
_STATES: Mapping[int, str] = {
    -5: "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC TN VA VT WV",
    -6: "AL AR FL IA IL IN KS KY LA MI MN MO MS ND NE OK SD TN TX WI",
    -7: "AZ CO ID KS MT ND NE NM NV OR SD TX UT WY",
    -8: "CA ID NV OR WA",
    -9: "AK",
    -10: "AK HI",
    -4: "PR VI",
    10: "GU MP",
}
_HOURS: Mapping[str, frozenset[int]] = {
    state: frozenset(hours for hours, states in _STATES.items() if state in states.split())
    for state in " ".join(_STATES.values()).split()
}
_NO_SUMMER_TIME = frozenset({"HI", "PR", "VI", "GU", "MP"})
_SUMMER, _WINTER = range(4, 11), (12, 1, 2)  # months; March and November have both times


def can_be_ahead(clock: datetime, utc: datetime, country: str, state: str) -> bool:
    """Say whether a clock in this place can show *clock* when it is *utc*.

    Of most places only the world's furthest zones are known. That both are the same is believed
    of the places on UTC alone: it is what a clock looks like to which no zone was applied.
    """
    ahead = clock - utc
    if not ahead:
        return country.upper() in _ON_UTC
    if ahead % _QUARTER or not _FURTHEST_BEHIND <= ahead <= _FURTHEST_AHEAD:
        return False
    state = state.upper()
    if country.upper() != "US" or state not in _HOURS:
        return True
    return ahead / _HOUR in _hours_of(state, clock.month)


def _hours_of(state: str, month: int) -> frozenset[int]:
    standard = _HOURS[state]
    if state in _NO_SUMMER_TIME or month in _WINTER:
        return standard
    summer = frozenset(each + 1 for each in standard)
    return summer if month in _SUMMER and state != "AZ" else standard | summer
