"""Secrets are saved for the marketplace and for each account apart; what was read may be kept."""

import json

import pytest

from contract.worlds import AwsWorld, World
from support.aws import STACK
from vtr.adapters import ttl_cache


def test_each_owner_of_a_source_has_its_own_secrets(world: World) -> None:
    secrets = world.ports.source_secrets
    secrets.save("ups", "", ["ours"])
    secrets.save("ups", "acme", ["new", "old"])
    secrets.save("fedex", "other", ["theirs"])
    assert list(secrets.of("ups")) == ["ours"]
    assert list(secrets.of("ups", "acme")) == ["new", "old"]
    assert list(secrets.of("ups", "other")) == []
    found = secrets.by_account("ups")
    assert {owner: list(live) for owner, live in found.items()} == {
        "": ["ours"],
        "acme": ["new", "old"],
    }


def test_saving_one_owners_secrets_leaves_the_others(world: World) -> None:
    world.set_secrets("ups", ["by hand"])
    secrets = world.ports.source_secrets
    secrets.save("ups", "acme", ["theirs"])
    assert list(secrets.of("ups")) == ["by hand"]
    secrets.save("ups", "acme", [])
    assert list(secrets.by_account("ups")) == [""]


def test_a_source_nobody_set_up_is_nobodys(world: World) -> None:
    assert world.ports.source_secrets.by_account("ups") == {}


def test_what_was_read_is_kept_for_five_minutes_and_no_longer(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: clock[0])
    secrets = aws_world.ports.source_secrets
    aws_world.set_secrets("ups", ["old"])
    assert list(secrets.of("ups")) == ["old"]
    aws_world.set_secrets("ups", ["new"])
    clock[0] += 299
    assert list(secrets.of("ups")) == ["old"]
    clock[0] += 2
    assert list(secrets.of("ups")) == ["new"]


def test_doubt_has_it_read_again_but_not_without_end(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: clock[0])
    secrets = aws_world.ports.source_secrets
    aws_world.set_secrets("ups", ["old"])
    assert list(secrets.of("ups")) == ["old"]
    aws_world.set_secrets("ups", ["new"])
    assert not secrets.refresh("ups")
    assert list(secrets.of("ups")) == ["old"]
    clock[0] += 3
    assert secrets.refresh("ups")
    assert list(secrets.of("ups")) == ["new"]


def test_all_owners_of_a_source_share_one_secret(aws_world: AwsWorld) -> None:
    for owner in ("", "acme", "other"):
        aws_world.ports.source_secrets.save("ups", owner, [f"of {owner}"])
    stored = aws_world.aws.secrets.get_secret_value(SecretId=f"{STACK}/sources/ups")
    assert json.loads(stored["SecretString"]) == {
        "secrets": ["of "],
        "accounts": {"acme": ["of acme"], "other": ["of other"]},
    }
