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
from vtr.domain.tracking_numbers import FormCheck, identify, is_readable, normalise
from vtr.domain.tracking_numbers.catalogue import FORMATS
from vtr.domain.tracking_numbers.formats import Format
from vtr.domain.tracking_numbers.remedies import CHINESE, ENGLISH, remedy

carriers = st.none() | st.sampled_from(
    [*sorted({code for entry in FORMATS for code in entry.carriers}), "veho", "no such code", ""]
)
# The characters of numbers, those of spreadsheets and addresses, and everything else there is.
texts = st.text(max_size=60) | st.text(alphabet="0123456789ABCZ1IOlo .-+E/:?%", max_size=40)
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
    if found.suggested_carrier is not None:
        assert found.suggested_carrier != carrier


@given(number=texts)
def test_normalising_twice_changes_nothing(number: str) -> None:
    assert normalise(normalise(number)) == normalise(number)


@given(number=texts)
def test_what_is_normal_can_be_read(number: str) -> None:
    normal = normalise(number)
    assert is_readable(normal) == bool(normal)


@given(entry=st.sampled_from(FORMATS), example=st.integers(0, 1), carrier=carriers)
def test_a_number_is_well_formed_for_exactly_the_carriers_that_are_listed(
    entry: Format, example: int, carrier: str | None
) -> None:
    number = entry.examples[example]
    listed = carrier in identify(number).well_formed_for
    if carrier is not None:
        assert (identify(number, carrier).verdict == FormCheck.WELL_FORMED) == listed


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
    ["1" * 1_000_000, "(" * 1_000_000, "\u0130" * 500_000, "\ufdfa" * 500_000, "E+" * 500_000],
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
        accepted.update(identify(number).well_formed_for)
    for carrier, count in accepted.items():
        assert count / samples <= _predicted(carrier, length) + 0.025, carrier


def _predicted(carrier: str, length: int) -> float:
    return sum(
        share_accepted(entry, length)
        for entry in FORMATS
        if entry.tier != "D"
        and carrier in (*entry.carriers, *entry.partners, *entry.other_partners)
    )
