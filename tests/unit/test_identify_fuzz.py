"""Properties of identification: it always answers, agrees with itself, and accepts by chance only.

The chance is what the check digits predict, carrier by carrier.
"""

import random
from collections import Counter
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.chance import share_accepted
from vtr.domain.carriers.families import family_of
from vtr.domain.tracking_numbers import (
    FormCheck,
    canonical_number,
    identify,
    is_readable,
    normalise,
    shows_handover,
)
from vtr.domain.tracking_numbers.catalogue import FORMATS
from vtr.domain.tracking_numbers.formats import Format
from vtr.domain.tracking_numbers.remedies import CHINESE, ENGLISH, remedy

carriers = st.none() | st.sampled_from(
    [*sorted({code for entry in FORMATS for code in entry.carriers}), "veho", "no such code", ""]
)
# The characters of numbers, those of spreadsheets and addresses, and everything else there is.
texts = (
    st.text(max_size=60)
    | st.text(alphabet="0123456789ABCZ1IOlo .-+E/:?%", max_size=40)
    | st.text(alphabet="0124569 ,;/|&\n\x1d\u241d()[]<>GSFNC%", max_size=60)
    | st.sampled_from([number for entry in FORMATS for number in entry.examples])
    | st.lists(
        st.sampled_from([entry.examples[0] for entry in FORMATS]), min_size=1, max_size=4
    ).map(" ".join)
)
anything = (
    texts
    | st.integers()
    | st.floats()
    | st.none()
    | st.booleans()
    | st.binary(max_size=20)
    | st.lists(st.integers(), max_size=3)
)


@given(number=anything, carrier=carriers)
def test_every_input_gets_a_complete_answer(number: object, carrier: str | None) -> None:
    found = identify(number, carrier)
    assert isinstance(found.verdict, FormCheck)
    assert all(char.isascii() and char.isalnum() for char in found.normalised)
    assert isinstance(remedy(found, ENGLISH), str)
    assert isinstance(remedy(found, CHINESE), str)
    assert isinstance(found.damage, tuple)
    assert len(found.repairs) <= 1
    assert found.verdict != FormCheck.MALFORMED or remedy(found, ENGLISH)


@given(number=texts)
def test_normalising_twice_changes_nothing(number: str) -> None:
    assert normalise(normalise(number)) == normalise(number)


@given(number=texts)
def test_what_is_normal_can_be_read(number: str) -> None:
    normal = normalise(number)
    assert is_readable(normal) == bool(normal)


@given(number=texts, carrier=carriers)
def test_what_is_canonical_is_normal_and_stays_so(number: str, carrier: str | None) -> None:
    canonical = canonical_number(number, carrier)
    assert normalise(canonical) == canonical
    assert canonical_number(canonical, carrier) == canonical
    assert bool(canonical) == bool(normalise(number))


@given(number=texts, one=st.sampled_from(["ups", "usps", ""]), other=st.sampled_from(["fedex", ""]))
def test_a_hand_over_is_shown_in_both_directions_or_in_none(
    number: str, one: str, other: str
) -> None:
    assert shows_handover(number, one, other) == shows_handover(number, other, one)


@given(entry=st.sampled_from(FORMATS), example=st.integers(0, 1), carrier=carriers)
def test_a_number_is_well_formed_for_exactly_the_families_that_are_listed(
    entry: Format, example: int, carrier: str | None
) -> None:
    number = entry.examples[example]
    if carrier is not None:
        listed = {family_of(code) for code in identify(number).well_formed_for}
        well_formed = identify(number, carrier).verdict == FormCheck.WELL_FORMED
        assert well_formed == (family_of(carrier) in listed)


@given(entry=st.sampled_from(FORMATS), example=st.integers(0, 1))
def test_a_right_number_is_never_held_against_its_carrier(entry: Format, example: int) -> None:
    for carrier in (*entry.carriers, *entry.partners, *entry.possible_partners):
        verdict = identify(entry.examples[example], carrier).verdict
        assert verdict in {FormCheck.WELL_FORMED, FormCheck.NOT_CHECKABLE}


@given(number=texts, carrier=carriers)
def test_who_is_suggested_is_of_another_family_and_listed(number: str, carrier: str | None) -> None:
    found = identify(number, carrier)
    if found.suggested_carrier is not None:
        assert found.suggested_carrier in found.well_formed_for
        assert carrier is not None
        assert family_of(found.suggested_carrier) != family_of(carrier)


@settings(max_examples=60)
@given(entry=st.sampled_from([entry for entry in FORMATS if entry.tier == "A"]), data=st.data())
def test_separators_case_and_width_never_change_the_answer(
    entry: Format, data: st.DataObject
) -> None:
    number = entry.examples[0]
    place = data.draw(st.integers(1, len(number) - 1))
    spaced = f"  {number[:place]} - {number[place:]}\t"
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    expected = identify(number).candidates
    for typed in (spaced, wide, number.lower()):
        assert identify(typed).candidates == expected


@pytest.mark.parametrize(
    "number",
    [
        *("1" * 1_000_000, "(" * 1_000_000, "\u0130" * 500_000, "\ufdfa" * 500_000, "E+" * 500_000),
        *(
            "9 " * 500_000,
            "986578788855 " * 80_000,
            "(00)" * 250_000,
            "A." * 500_000,
            "[)>" * 300_000,
        ),
        *("AND 1Z" * 150_000, ("1" * 9 + " ") * 100_000, "<GS>" * 250_000, "%" * 1_000_000),
    ],
)
def test_a_megabyte_is_answered_at_once(number: str) -> None:
    identify("warm")
    begun = perf_counter()
    found = identify(number, "ups")
    assert found.verdict == FormCheck.INVALID_ID
    assert remedy(found, ENGLISH)
    assert perf_counter() - begun < 0.5


@pytest.mark.parametrize("length", range(8, 35))
def test_random_digits_pass_no_oftener_than_the_check_digits_predict(length: int) -> None:
    dice = random.Random(length)  # noqa: S311 -- a fixed sample, not a secret
    samples = 3_000
    accepted: Counter[str] = Counter()
    for _ in range(samples):
        number = "".join(dice.choices("0123456789", k=length))
        accepted.update(family_of(code) for code in identify(number).well_formed_for)
    for family, count in accepted.items():
        assert count / samples <= _predicted(family, length) + 0.025, family


def _predicted(family: str, length: int) -> float:
    return sum(
        share_accepted(entry, length)
        for entry in FORMATS
        if entry.tier != "D" and family in {one.family for one in entry.candidates}
    )
