"""`vtr keys` and `vtr limits` on the real stack, and what the API makes of them."""

import json
from typing import Any

import pytest

from support.command_line import CommandLine
from support.stack import LocalStack

pytestmark = pytest.mark.e2e

CALLS = 6
"""With a limit of 1 at most two calls a minute get through, and these take no third minute."""


@pytest.fixture
def vtr(real_stack: LocalStack) -> CommandLine:
    return CommandLine(real_stack.home.root, {})


def made(vtr: CommandLine, *arguments: str) -> str:
    """The one key that a command prints."""
    ran = vtr("keys", *arguments)
    assert ran.exit_code == 0, ran.err
    (key,) = ran.out.split()
    return key


def listed(vtr: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(vtr("keys", *arguments, "--json").out)
    return found


def status(stack: LocalStack, key: str) -> int:
    with stack.http(key) as http:
        return http.get("/v1/rates").status_code


def test_a_key_lives_from_create_to_revoke(real_stack: LocalStack, vtr: CommandLine) -> None:
    old = made(vtr, "create", "keyed", "--scope", "read", "--days", "30")
    (key,) = listed(vtr, "list", "keyed")
    assert (key["state"], key["scopes"], key["last_used_on"]) == ("live", ["read"], None)
    assert key["id"] in old
    new = made(vtr, "rotate", key["id"], "--overlap", "0")
    assert [status(real_stack, each) for each in (old, new)] == [401, 200]
    assert vtr("keys", "revoke", new).exit_code == 0
    assert [each["state"] for each in listed(vtr, "list", "keyed")] == ["expired", "revoked"]
    assert listed(vtr, "list", "keyed")[1]["last_used_on"]
    events = [each["event"] for each in listed(vtr, "changes", "keyed")]
    assert sorted(events) == ["created", "created", "replaced", "revoked"]
    assert events[0] == "created"
    assert events[-1] == "revoked"
    assert all(secret not in vtr("keys", "list", "keyed").out for secret in (old, new))


def test_the_first_key_says_that_it_opens_the_account(vtr: CommandLine) -> None:
    opened = "The account opened-now is new: it was opened under amazon-us.\n"
    assert vtr("keys", "create", "opened-now").err.startswith(opened)
    assert "is new" not in vtr("keys", "create", "opened-now").err


def test_what_cannot_be_done_to_a_key_is_a_sentence(vtr: CommandLine) -> None:
    for arguments in (
        ["revoke", "0123"],
        ["rotate", "vtr_0123_secret"],
        ["list", "nobody"],
        ["changes", "nobody"],
    ):
        ran = vtr("keys", *arguments)
        assert (ran.exit_code, ran.err.count("\n")) == (2, 1)
        assert "secret" not in ran.err
    assert vtr("limits", "nobody").exit_code == 2


def test_an_account_keeps_to_the_limits_that_it_is_given(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    key = made(vtr, "create", "busy")
    assert "3000 requests and 30000 lines" in vtr("limits", "busy").out
    assert "1 request and 30000 lines" in vtr("limits", "busy", "--requests", "1").out
    with real_stack.http(key) as http:
        answers = [http.get("/v1/rates") for _ in range(CALLS)]
    assert answers[0].status_code == 200
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= CALLS - 4
    assert all(1 <= int(answer.headers["retry-after"]) <= 60 for answer in refused)


def test_a_request_that_is_sent_again_is_done_once(real_stack: LocalStack) -> None:
    with real_stack.http(real_stack.create_key(account="repeating")) as http:
        name = {"Idempotency-Key": "8e03978e"}
        first, again = (http.post("/v1/reports", json={}, headers=name) for _ in range(2))
        other = http.post("/v1/reports", json={"category": "toys"}, headers=name)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert other.json()["code"] == "idempotency_key_reused"
