"""`vtr scan`: scans of a file, signed as a carrier signs them."""

import json
from datetime import UTC, datetime

import pytest

from support.command_line import CommandLine
from support.stub_api import Answer, problem, stub_api
from vtr.sources.shared.base import WebhookRequest
from vtr.sources.standard import SOURCE

WEBHOOK = "POST /v1/webhooks/standard"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SCAN = {"carrier": "UPS", "tracking_number": "1Z", "occurred_at": "2026-10-21T08:00:00Z"}


def json_lines(count: int) -> str:
    return "".join(json.dumps(SCAN | {"place": f"hub {n}"}) + "\n" for n in range(count))


def test_the_source_itself_finds_the_bodies_authentic_and_reads_every_scan(
    vtr: CommandLine,
) -> None:
    with stub_api({WEBHOOK: lambda _: Answer(202)}) as api:
        ran = vtr.speaking_to(api)("scan", "-", "--secret", SECRET, stdin=json_lines(120))
    assert (ran.exit_code, ran.err) == (0, "120 scans accepted.\n")
    places = []
    for request in api.requests:
        assert "authorization" not in request.headers
        SOURCE.verify(
            WebhookRequest(body=request.body, headers=request.headers), [SECRET], datetime.now(UTC)
        )
        places.append([scan["place"] for scan in request.document["data"]["scans"]])
    assert [len(of_one_body) for of_one_body in places] == [50, 50, 20]
    assert [place for of_one_body in places for place in of_one_body] == [
        f"hub {n}" for n in range(120)
    ]


def test_a_scan_without_its_time_is_named_by_its_line_and_nothing_is_sent(
    vtr: CommandLine,
) -> None:
    lines = json_lines(1) + '{"carrier": "UPS", "tracking_number": "1Z"}\n'
    with stub_api({}) as api:
        ran = vtr.speaking_to(api)("scan", "-", "--secret", SECRET, stdin=lines)
    assert (ran.exit_code, ran.err) == (2, "-, line 2 lacks occurred_at. Nothing was sent.\n")
    assert api.requests == []


@pytest.mark.parametrize("secret", ["whsec_%%%", ""])
def test_a_secret_that_cannot_sign_is_a_sentence(vtr: CommandLine, secret: str) -> None:
    with stub_api({}) as api:
        ran = vtr.speaking_to(api)("scan", "-", "--secret", secret, stdin=json_lines(1))
    assert ran.exit_code in (1, 2)
    assert ran.err.count("\n") == 1


def test_a_refused_signature_is_a_sentence(vtr: CommandLine) -> None:
    refuse = problem(401, "The signature does not match.")
    with stub_api({WEBHOOK: lambda _: refuse}) as api:
        ran = vtr.speaking_to(api)("scan", "-", "--secret", SECRET, stdin=json_lines(1))
    assert ran.exit_code == 1
    assert ran.err.startswith("The signature does not match.")
