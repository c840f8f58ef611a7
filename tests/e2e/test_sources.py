"""`vtr sources` on the real stack: what it prints is what is taken."""

import json
import re

import pytest

from support.command_line import CommandLine, Ran
from support.stack import LocalStack, eventually

pytestmark = pytest.mark.e2e

BODY = b'{"shipments": []}'


@pytest.fixture
def vtr(real_stack: LocalStack) -> CommandLine:
    return CommandLine(real_stack.home.root, {})


def printed(ran: Ran, what: str) -> str:
    assert ran.exit_code == 0, ran.err
    found = re.search(rf"^{what} +(\S+)$", ran.out, re.MULTILINE)
    assert found, ran.out
    return found[1]


def statuses(stack: LocalStack, *urls: str) -> list[int]:
    with stack.http() as http:
        return [http.post(url, content=BODY).status_code for url in urls]


def test_a_source_lives_from_add_to_remove(real_stack: LocalStack, vtr: CommandLine) -> None:
    first = printed(vtr("sources", "add", "dhl", "--account", "acme"), "URL")
    assert first.startswith(f"{real_stack.url}/v1/webhooks/dhl/url_acme.")
    assert statuses(real_stack, first, f"{first}x") == [200, 401]
    second = printed(vtr("sources", "rotate", "dhl", "--account", "acme"), "URL")
    assert eventually(lambda: statuses(real_stack, second) == [200])
    assert statuses(real_stack, first) == [200]
    listed = json.loads(vtr("sources", "list", "--json").out)
    assert {"source": "dhl", "account": "acme", "keys": 0, "url_secrets": 2} in listed
    assert vtr("sources", "rotate", "dhl", "--account", "acme", "--end").exit_code == 0
    assert vtr("sources", "remove", "dhl", "--account", "acme").exit_code == 0
    assert "dhl" not in vtr("sources", "list").out


def test_the_local_stacks_own_source_goes_on_working_while_it_is_rotated(
    vtr: CommandLine,
) -> None:
    scan = '{"carrier": "ups", "tracking_number": "1Z", "occurred_at": "2026-10-21T08:00:00Z"}'
    assert vtr("scan", "-", stdin=scan).exit_code == 0
    assert printed(vtr("sources", "rotate", "standard"), "Secret").startswith("whsec_")
    assert eventually(lambda: vtr("scan", "-", stdin=scan).exit_code == 0)
    assert vtr("sources", "rotate", "standard", "--end").exit_code == 0


def test_what_cannot_be_set_up_is_a_sentence(vtr: CommandLine) -> None:
    for arguments in (["add", "amazon"], ["add", "ship24"], ["add", "standard"], ["remove", "ups"]):
        ran = vtr("sources", *arguments)
        assert (ran.exit_code, ran.err.count("\n")) == (2, 1)
