"""A number is found however a body spells it, and what only looks like one is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import UPS_NUMBER
from vtr.domain.mentions import FEW, MOST_GROUPS, Mentions

ONE = Mentions([UPS_NUMBER])
MANY = Mentions([UPS_NUMBER, *(f"1Z{n:016}" for n in range(FEW))])


@pytest.mark.parametrize("mentions", [ONE, MANY], ids=["one", "many"])
@pytest.mark.parametrize(
    "text",
    [
        UPS_NUMBER,
        '{"number":"1z999aa10123456784"}',
        "1Z 999 AA1 01 2345 6784",
        "1Z-999-AA1-01-2345-6784",
        "1Z 999 AA1 0123456784 and more",
        r'{"note": "it is\n1Z999AA10123456784\tnow"}',
        "https://example.com/track?n=1Z999AA10123456784&l=de",
        "https://example.com/track?n=1Z%20999%20AA10123456784",
        "<b>1Z999AA10123456784</b>&nbsp;1Z999AA10123456784",
        "%3D1Z999AA10123456784",
        "420900011Z999AA10123456784",
        "_1Z999AA10123456784_",
        "é1Z999AA10123456784",
    ],
)
def test_a_number_is_found_in_any_spelling(mentions: Mentions, text: str) -> None:
    assert mentions.are_in(text)


@pytest.mark.parametrize("mentions", [ONE, MANY], ids=["one", "many"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "1Z999AA1012345678",
        "1Z999AA1012345678, 4 parcels",
        "1Z999AA101 | 23456784",
        "1Z999AA10123456785",
        "1Z999AA1012345\\u0036784",
    ],
)
def test_another_number_is_not_found(mentions: Mentions, text: str) -> None:
    assert not mentions.are_in(text)


@pytest.mark.parametrize("number", ["PENDING", "20261130", "UNKNOWNNUMBER", "123456789", "AB12345"])
def test_what_says_little_is_found_in_no_text_but_where_it_was_read_out(number: str) -> None:
    mentions = Mentions([number])
    assert not mentions.are_in(f"the parcel {number} is {number}")
    assert mentions.holds(number)
    assert not mentions.holds(UPS_NUMBER)


def test_nothing_is_found_where_nothing_is_looked_for() -> None:
    assert not Mentions([]).are_in("")
    assert not Mentions([""]).holds("")


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=MOST_GROUPS - 1),
    st.sampled_from([" ", "-", " - "]),
    st.text(alphabet=st.characters(exclude_categories=("L", "N", "Cs")), max_size=5),
)
def test_a_number_in_groups_is_found_wherever_it_stands(
    cuts: list[int], separator: str, around: str
) -> None:
    groups: list[str] = []
    rest = UPS_NUMBER
    for cut in cuts:
        groups, rest = [*groups, rest[:cut]], rest[cut:]
    text = separator.join(group for group in (*groups, rest) if group)
    assert ONE.are_in(f"{around}|{text}|{around}")
    assert MANY.are_in(f"{around}|{text}|{around}")


@pytest.mark.parametrize(
    ("number", "found"),
    [("ABCD123456", True), ("ABCDE12345", False), ("ABC123456", False)],
)
def test_a_number_is_looked_for_if_it_has_ten_characters_and_six_digits(
    number: str, *, found: bool
) -> None:
    assert Mentions([number]).are_in(f"it is {number}.") is found
