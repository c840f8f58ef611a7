"""Secrets are saved for the marketplace and for each account apart; what was read may be kept."""

import json
from typing import Any

import pytest

from contract.worlds import AwsWorld, World
from support.aws import STACK
from vtr.adapters import ttl_cache
from vtr.domain.errors import ConflictError


def test_each_owner_of_a_source_has_its_own_secrets(world: World) -> None:
    secrets = world.ports.source_secrets
    secrets.save("ups", "", ["ours"], was=[])
    secrets.save("ups", "acme", ["new", "old"], was=[])
    secrets.save("fedex", "other", ["theirs"], was=[])
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
    secrets.save("ups", "acme", ["theirs"], was=[])
    assert list(secrets.of("ups")) == ["by hand"]
    secrets.save("ups", "acme", [], was=["theirs"])
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
        aws_world.ports.source_secrets.save("ups", owner, [f"of {owner}"], was=[])
    stored = aws_world.aws.secrets.get_secret_value(
        SecretId=f"{STACK}/sources/ups", VersionStage="AWSCURRENT"
    )
    assert json.loads(stored["SecretString"]) == {
        "secrets": ["of "],
        "accounts": {"acme": ["of acme"], "other": ["of other"]},
    }


def test_of_two_who_change_the_same_secrets_one_is_told(world: World) -> None:
    secrets = world.ports.source_secrets
    secrets.save("ups", "acme", ["old"], was=[])
    secrets.save("ups", "acme", ["new", "old"], was=["old"])
    with pytest.raises(ConflictError):
        secrets.save("ups", "acme", ["other", "old"], was=["old"])
    with pytest.raises(ConflictError):
        secrets.save("ups", "", ["ours"], was=["of yesterday"])
    assert {owner: list(live) for owner, live in secrets.by_account("ups").items()} == {
        "acme": ["new", "old"]
    }


def test_saving_the_same_secrets_again_changes_nothing(world: World) -> None:
    for _ in range(2):
        world.ports.source_secrets.save("ups", "acme", ["new"], was=[])
    assert list(world.ports.source_secrets.of("ups", "acme")) == ["new"]


@pytest.mark.parametrize("known", [[], ["ours"]], ids=["the first", "a later one"])
def test_of_two_who_change_one_source_at_once_none_is_lost(
    aws_world: AwsWorld, known: list[str]
) -> None:
    """Another operator saves between this one's read and write."""
    secrets, other = aws_world.ports.source_secrets, aws_world.another_environment().source_secrets
    secrets.save("ups", "", known, was=[])
    calls: list[int] = []

    def overtake(**_: Any) -> None:
        if not calls:
            calls.append(1)
            other.save("ups", "globex", ["theirs"], was=[])

    events = secrets._client.meta.events  # noqa: SLF001 - where a call goes out
    for operation in ("CreateSecret", "PutSecretValue"):
        events.register(f"before-call.secrets-manager.{operation}", overtake)
    secrets.save("ups", "acme", ["ours too"], was=[])
    assert calls
    found = {owner: list(live) for owner, live in other.by_account("ups").items()}
    assert found == {**({"": known} if known else {}), "acme": ["ours too"], "globex": ["theirs"]}


def test_a_source_that_nobody_set_up_is_looked_up_once_in_a_while(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, reads = [1000.0], []
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: clock[0])
    secrets = aws_world.ports.source_secrets
    events = secrets._client.meta.events  # noqa: SLF001 - where a call goes out
    events.register("before-call.secrets-manager.GetSecretValue", lambda **_: reads.append(1))
    for _ in range(50):
        assert list(secrets.of("ups")) == []
        secrets.refresh("ups")
    assert len(reads) == 1
    aws_world.set_secrets("ups", ["new"])
    clock[0] += 2
    assert list(secrets.of("ups")) == ["new"]
