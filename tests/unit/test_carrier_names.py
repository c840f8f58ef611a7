"""Suggestions for carrier names that nobody knows."""

import pytest

from vtr.domain.carriers import resolve
from vtr.domain.carriers.suggestions import suggest_carriers


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Yun Expres", "yunexpress"),
        ("Fedx", "fedex"),
        ("USPSS", "usps"),
        ("DHL ecomerce", "dhl_ecommerce"),
        ("Royal Mial", "royal_mail"),
        ("Canda Post", "canada_post"),
        ("Deutche Post", "deutsche_post"),
        ("FedEx Hyperloop", "fedex"),
        ("\u987a\u4e30\u901f", "sf_express"),
    ],
)
def test_a_near_miss_is_answered_with_the_carrier_that_was_meant(typed: str, first: str) -> None:
    assert resolve(typed) is None
    assert suggest_carriers(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "...", "zzzz", "my cousin", "x" * 1_000_000])
def test_nothing_is_suggested_where_nothing_comes_close(typed: str) -> None:
    assert suggest_carriers(typed) == []


def test_suggestions_are_distinct_and_no_more_than_asked_for() -> None:
    suggested = suggest_carriers("post", limit=2)
    assert len(suggested) == len(set(suggested)) == 2
