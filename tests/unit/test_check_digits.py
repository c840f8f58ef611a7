"""The check digits: what they accept, and what they catch of the errors that people make."""

import random
from collections.abc import Callable

import pytest

from vtr.domain.tracking_numbers import check_digits
from vtr.domain.tracking_numbers.check_digits import after, embedded, tail

Check = Callable[[bytes], bool]

_DIGITS = "0123456789"
_CHARACTERS = {"d": _DIGITS, "x": _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_SAMPLES = 3_000


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (check_digits.gs1, "9400111206206406260787"),
        (check_digits.gs1, "106141412345678908"),
        (check_digits.gls, "123416227171"),
        (check_digits.luhn, "331426749957"),
        (tail(2, check_digits.ups), "1Z999AA10123456784"),
        (tail(1, check_digits.ups), "K2479825491"),
        (check_digits.ups, "C11235523929147"),
        (check_digits.mod_7, "3318810025"),
        (check_digits.postal, "183928252"),
        (check_digits.s10, "RR473124829GB"),
        (check_digits.fedex, "986578788855"),
        (check_digits.identcode, "218025809066"),
        (check_digits.mod_37_36, "01905002345615Y"),
        (check_digits.mod_37_36, "008182709980000020033350276C"),
        (check_digits.mondial_relay, "73800244620101503002000732"),
        (after(b"92", check_digits.gs1), "61299998820821171811"),
        (embedded(16, 28, check_digits.fedex), "32971514560102447849175802862014"),
    ],
)
def test_published_numbers_pass_and_fail_once_their_check_digit_is_another(
    check: Check, number: str
) -> None:
    assert check(number.encode())
    others = [number[:-1] + digit for digit in _DIGITS if digit != number[-1]]
    if check is check_digits.s10 or "embedded" in repr(check):
        return  # the check digit is not the last character
    assert not any(check(other.encode()) for other in others)


def test_postal_remainders_without_a_digit_of_their_own_give_five_and_nought() -> None:
    assert check_digits.s10(b"RZ030057180PH")
    assert check_digits.s10(b"VA456789015KG")


def test_fedex_counts_a_remainder_of_ten_as_nought() -> None:
    tens = [
        body
        for body in (f"{number:011d}" for number in range(200))
        if sum(int(one) * (1, 3, 7)[place % 3] for place, one in enumerate(reversed(body))) % 11
        == 10
    ]
    assert tens
    assert all(check_digits.fedex(f"{body}0".encode()) for body in tens)


def test_mondial_relay_refuses_a_parcel_beyond_its_shipments_size() -> None:
    assert check_digits.mondial_relay(b"12123456780101006623123454")
    assert not check_digits.mondial_relay(b"0" * 26)


# What may slip through, in per cent: one digit wrong, two neighbours swapped.
@pytest.mark.parametrize(
    ("check", "template", "wrong_digit", "swapped"),
    [
        (check_digits.gs1, "d" * 22, 0, 11),
        (check_digits.gls, "d" * 12, 0, 11),
        (check_digits.luhn, "d" * 12, 0, 2.3),
        (tail(2, check_digits.ups), "1Z" + "d" * 16, 5.2, 7),
        (check_digits.mod_7, "d" * 10, 6.4, 6.4),
        (check_digits.postal, "d" * 9, 1.8, 2.2),
        (check_digits.fedex, "d" * 12, 1.8, 2.1),
        (check_digits.identcode, "d" * 12, 5.9, 40),
        (check_digits.mod_37_36, "d" * 14 + "x", 0, 0.6),
    ],
)
def test_no_check_misses_more_typing_errors_than_stated(
    check: Check, template: str, wrong_digit: float, swapped: float
) -> None:
    dice = random.Random(0)  # noqa: S311 -- a fixed sample, not a secret
    places = [place for place, kind in enumerate(template) if kind in _CHARACTERS]
    missed_digits = missed_swaps = swaps = 0
    for _ in range(_SAMPLES):
        number = _valid_number(check, template, dice)
        place = dice.choice(places)
        other = dice.choice([one for one in _CHARACTERS[template[place]] if one != number[place]])
        missed_digits += check((number[:place] + other + number[place + 1 :]).encode())
        left = dice.choice(places[:-1])
        pair = number[left : left + 2]
        if pair[0] != pair[1] and pair.isdigit():
            swaps += 1
            missed_swaps += check((number[:left] + pair[::-1] + number[left + 2 :]).encode())
    assert 100 * missed_digits / _SAMPLES <= wrong_digit + 1.2
    assert 100 * missed_swaps / swaps <= swapped + 2


def _valid_number(check: Check, template: str, dice: random.Random) -> str:
    while True:
        number = "".join(
            dice.choice(_CHARACTERS[kind]) if kind in _CHARACTERS else kind for kind in template
        )
        if check(number.encode()):
            return number
