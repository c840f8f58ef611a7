"""Keys: who may speak for an account, for what, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support.builders import PLACED, after_order
from vtr.domain.accounts import (
    Account,
    ApiKey,
    Scope,
    authenticate,
    hash_secret,
    key_id_of,
    require_scope,
    split_token,
    token_of,
)
from vtr.domain.errors import (
    KeyEndedError,
    ScopeMissingError,
    TooManyCategoriesError,
    UnauthenticatedError,
)
from vtr.domain.limits import ALLOTMENTS, Limits, allotment_of, minute_of, seconds_left

KEY = ApiKey(
    id="ab12",
    secret_hash=hash_secret("s_e_cret"),
    account="acme",
    scopes=frozenset({Scope.READ}),
    created_at=PLACED,
    expires_at=after_order(days=30),
)


def test_a_token_comes_apart_into_the_parts_it_was_made_of() -> None:
    token = token_of("ab12", "s_e_cret")
    assert split_token(f"Bearer {token}") == ("ab12", "s_e_cret")
    assert split_token(f"bearer  {token} ") == ("ab12", "s_e_cret")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer vtr",
        "Bearer vtr_",
        "Bearer vtr_ab12",
        "Bearer vtr_ab12_",
        "Bearer vtr__secret",
        "Bearer abc_ab12_secret",
        "Basic vtr_ab12_secret",
        "vtr_ab12_secret",
    ],
)
def test_what_is_no_key_of_ours_is_refused(header: str | None) -> None:
    with pytest.raises(UnauthenticatedError, match="missing or is not one of ours"):
        split_token(header)


def test_the_right_secret_of_a_live_key_is_let_in() -> None:
    assert authenticate(KEY, "s_e_cret", PLACED) is KEY


def test_unknown_and_wrong_keys_look_the_same() -> None:
    refusals = []
    for key, secret in ((None, "s_e_cret"), (KEY, "wrong"), (KEY, ""), (KEY, "sécret")):
        with pytest.raises(UnauthenticatedError) as refusal:
            authenticate(key, secret, PLACED)
        refusals.append(refusal.value.detail)
    assert len(set(refusals)) == 1


def test_a_key_is_dead_from_the_moment_it_expires() -> None:
    assert KEY.expires_at is not None
    assert authenticate(KEY, "s_e_cret", KEY.expires_at - timedelta(microseconds=1)) is KEY
    with pytest.raises(UnauthenticatedError, match="expired at 2026-04-01T18:00Z"):
        authenticate(KEY, "s_e_cret", KEY.expires_at)


def test_a_revoked_key_is_dead_before_its_end_and_says_so_to_its_holder_alone() -> None:
    revoked = KEY.revoked(PLACED)
    assert not revoked.is_live(PLACED)
    with pytest.raises(UnauthenticatedError, match="revoked"):
        authenticate(revoked, "s_e_cret", PLACED)
    with pytest.raises(UnauthenticatedError, match="not valid"):
        authenticate(revoked, "wrong", PLACED)


def test_a_key_gives_way_after_the_overlap_and_never_later_than_its_own_end() -> None:
    day = timedelta(days=1)
    assert KEY.giving_way(PLACED, day).expires_at == PLACED + day
    assert KEY.giving_way(PLACED, 400 * day).expires_at == KEY.expires_at
    assert replace(KEY, expires_at=None).giving_way(PLACED, 400 * day).expires_at == (
        PLACED + 400 * day
    )


def test_a_key_that_ended_can_neither_give_way_nor_end_again() -> None:
    for dead in (KEY.revoked(PLACED), replace(KEY, expires_at=PLACED)):
        with pytest.raises(KeyEndedError):
            dead.giving_way(PLACED, timedelta(days=1))
        with pytest.raises(KeyEndedError):
            dead.revoked(PLACED)


@pytest.mark.parametrize("text", ["ab12", "vtr_ab12", "vtr_ab12_s_e_cret", "ab12_s_e_cret"])
def test_a_keys_id_is_found_in_whatever_is_at_hand_of_it(text: str) -> None:
    assert key_id_of(text) == "ab12"


@given(limit=st.integers(1, 100_000))
def test_the_shares_of_a_limit_are_fifty_at_most_and_none_is_empty(limit: int) -> None:
    share = allotment_of(limit)
    assert share >= 1
    assert limit / share <= ALLOTMENTS


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_after_the_seconds_that_are_left_another_minute_begins(moment: datetime) -> None:
    wait = seconds_left(moment)
    assert 1 <= wait <= 60
    assume(moment < datetime.max.replace(tzinfo=UTC) - timedelta(minutes=2))
    assert minute_of(moment + timedelta(seconds=wait)) == minute_of(moment) + 1


def test_the_secret_itself_is_not_kept() -> None:
    assert "s_e_cret" not in repr(KEY)


def test_a_key_may_do_what_its_scopes_say() -> None:
    require_scope(KEY, Scope.READ)
    with pytest.raises(ScopeMissingError, match="'submit'; this key has read"):
        require_scope(KEY, Scope.SUBMIT)


def test_an_account_turns_in_the_same_slice_of_the_hour_every_day() -> None:
    accounts = [
        Account(id=f"seller-{n}", policy="amazon-us", cursor_secret=b"") for n in range(500)
    ]
    slices = [account.rollover_slice(12) for account in accounts]
    assert slices == [account.rollover_slice(12) for account in accounts]
    assert set(slices) == set(range(12))


def test_an_account_has_as_many_categories_as_its_limits_say() -> None:
    account = Account(id="acme", policy="amazon-us", cursor_secret=b"", limits=Limits(categories=2))
    full = account.with_category("Toys").with_category("Home")
    assert full.categories == {"Toys", "Home"}
    assert full.with_category("Toys") is full
    with pytest.raises(TooManyCategoriesError):
        full.with_category("Garden")
