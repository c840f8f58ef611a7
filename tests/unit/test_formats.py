"""The catalogue of formats: every row can be read, is proven by its examples, and is found."""

import pytest

from vtr.domain.carriers import all_carriers, carrier
from vtr.domain.tracking_numbers import identify
from vtr.domain.tracking_numbers.catalogue import COMPLETE, FORMATS
from vtr.domain.tracking_numbers.formats import ACCEPTED_TIERS, Format
from vtr.domain.tracking_numbers.grammar import FormClaim, is_nobodys
from vtr.domain.tracking_numbers.index import PATTERNS
from vtr.domain.tracking_numbers.patterns import Pattern, patterns_of
from vtr.domain.tracking_numbers.posts import OPERATORS, SERVICES

# Private companies that call themselves a post.
_NO_POSTS = {"dai_post", "a1post", "viettel_post", "cupost", "flip_post"}

by_id = pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.format_id)


@by_id
def test_every_format_has_two_examples_and_each_is_found_by_it(entry: Format) -> None:
    assert len(entry.examples) >= 2
    for example in entry.examples:
        found = identify(example).candidates
        assert entry.format_id in {one.format_id for one in found}, example


@by_id
def test_every_carrier_of_a_format_is_a_known_one(entry: Format) -> None:
    assert entry.tier in "ABCD"
    for code in (*entry.carriers, *entry.partners, *entry.possible_partners):
        assert carrier(code).code == code


@by_id
def test_only_a_post_or_a_small_carrier_in_no_table_owns_numbers_without_a_name(
    entry: Format,
) -> None:
    assert entry.carriers or entry.tier == "D" or entry.format_id in {"s10_elsewhere", "chinese_yq"}


@by_id
def test_every_format_says_where_it_is_from(entry: Format) -> None:
    assert entry.source != "-" or entry.tier == "D"


@by_id
def test_a_format_stands_under_one_code_of_each_family(entry: Format) -> None:
    families = [one.family for one in entry.candidates if one.tier != "D"]
    alike = {"dhl_de", "la_poste", "royal_mail", "china_post", "postnord", "poczta_polska"}
    alike |= {"correos"}  # the posts' table names who of a family comes first
    repeated = {one for one in families if families.count(one) > 1}
    assert not repeated or entry.format_id.startswith("s10_"), repeated
    assert repeated <= alike


@by_id
def test_only_formats_with_a_check_digit_are_of_the_two_strongest_tiers(entry: Format) -> None:
    checked = entry.check.__name__ not in {"unchecked", "hexadecimal"}
    assert checked == (entry.tier in "AB")


@by_id
def test_tier_a_asks_for_a_prefix_or_a_suffix_or_two_check_digits(entry: Format) -> None:
    if entry.tier == "A":
        literals = [pattern.literals for pattern in patterns_of(entry.pattern)]
        assert all(literals) or entry.check.__name__ == "mondial_relay"


@by_id
def test_the_alternatives_of_a_block_have_one_shape(entry: Format) -> None:
    for block in entry.pattern.replace(",", "").split():
        shapes = {tuple(char.isdigit() for char in one) for one in block.split("|")}
        assert len(shapes) == 1, block


def test_format_ids_are_unique() -> None:
    assert len({entry.format_id for entry in FORMATS}) == len(FORMATS)


def test_the_catalogue_is_as_wide_as_it_claims() -> None:
    accepted = [entry for entry in FORMATS if entry.tier in ACCEPTED_TIERS]
    not_postal = [entry for entry in accepted if not entry.format_id.startswith("s10_")]
    assert len(not_postal) >= 100
    assert len({code for entry in accepted for code in entry.carriers}) >= 100
    assert sum(map(len, PATTERNS.values())) >= len(accepted)


def test_every_post_is_one_of_its_country_and_no_name_of_a_post_is_forgotten() -> None:
    posts = {code: country for country, codes in OPERATORS.items() for code in codes.split()}
    for code, country in posts.items():
        assert carrier(code).country == country or code == "postnord"
    named = {one.code for one in all_carriers() if one.name.endswith(" Post")} - _NO_POSTS
    assert named <= set(posts)


def test_every_country_has_one_postal_format() -> None:
    shape = b"AA999999999AA"
    countries = [
        country
        for entry in FORMATS
        if entry.format_id.startswith("s10_") and entry.tier == "A"
        for pattern in patterns_of(entry.pattern)
        if pattern.shape == shape and len(pattern.literals) == 1
        for country in pattern.literals[0][1]
    ]
    assert len(countries) == len(set(countries)) >= 250


def test_complete_lists_are_those_of_known_carriers() -> None:
    for code, source in COMPLETE.items():
        assert carrier(code).code == code
        assert source


def test_services_name_only_operators_of_their_country() -> None:
    for country, services in SERVICES.items():
        assert set(services.values()) <= set(OPERATORS[country].split())


@pytest.mark.parametrize(
    ("text", "shape", "shapes"),
    [
        ("d3", b"999", [b"999"]),
        ("AB a1 d2", b"AAA99", [b"AAA99"]),
        ("d2 x1", b"99x", [b"999", b"99A"]),
        ("1Z x2", b"9Axx", []),
    ],
)
def test_a_picture_lists_its_shapes_where_they_are_few(
    text: str, shape: bytes, shapes: list[bytes]
) -> None:
    pattern = Pattern(text)
    assert pattern.shape == shape
    assert pattern.shapes == shapes


def test_a_range_of_lengths_is_spelled_out() -> None:
    assert [pattern.shape for pattern in patterns_of("GM d2-4, X d1")] == [
        b"AA99",
        b"AA999",
        b"AA9999",
        b"A9",
    ]


def test_a_picture_takes_only_its_own_shapes() -> None:
    pattern = Pattern("1G x3")
    assert pattern.takes(b"9A9A9")
    assert not pattern.takes(b"999A9")
    assert not pattern.takes(b"9A9A")


def test_a_length_alone_is_nobodys_unless_it_names_a_carrier() -> None:
    nameless = [one for entry in FORMATS for one in entry.candidates if not one.carrier]
    assert nameless
    assert all(one.tier != "D" for one in nameless)


@pytest.mark.parametrize(
    ("text", "nobodys"),
    [
        ("1234", True),
        ("12345", False),
        ("1" + "2" * 39, False),
        ("1" + "2" * 40, True),
        ("A" + "2" * 29, False),
        ("A" + "2" * 30, True),
        ("77777777", True),
    ],
)
def test_a_number_of_a_length_that_nobody_has_is_nobodys(text: str, *, nobodys: bool) -> None:
    assert is_nobodys(text) is nobodys


def test_a_prefix_claims_more_than_a_length_and_that_more_than_nothing() -> None:
    assert FormClaim.NONE < FormClaim.LENGTH < FormClaim.PREFIX
