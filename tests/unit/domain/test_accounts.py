"""Keys: who may speak for an account, for what, and for how long."""

from datetime import timedelta

import pytest

from support.builders import PLACED, after_order
from vtr.domain.accounts import (
    Account,
    ApiKey,
    Scope,
    authenticate,
    hash_secret,
    require_scope,
    split_token,
    token_of,
)
from vtr.domain.errors import ScopeMissingError, UnauthenticatedError

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
    slices = [account.turn_slice(12) for account in accounts]
    assert slices == [account.turn_slice(12) for account in accounts]
    assert set(slices) == set(range(12))
