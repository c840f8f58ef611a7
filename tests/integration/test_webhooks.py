"""Webhooks: what is authentic is kept before it is answered, and nothing else is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.deployment import SECRET, Answer, Deployment
from integration.problems import assert_problem
from integration.requests import a_package, a_scan
from support.events import REQUEST_ID, http_event, scans_body, signed

OTHER_SECRET = "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHNvdXJjZQ=="
BODY = scans_body(a_scan())
PATH = "/v1/webhooks/standard"


def kept(vtr: Deployment) -> int:
    return len(vtr.aws.take("ScansQueue")) + len(vtr.aws.object_keys())


def push(vtr: Deployment, headers: dict[str, str], body: Any = BODY, **more: Any) -> Answer:
    return vtr.send(http_event("POST", PATH, body=body, headers=headers, **more))


def test_a_signed_delivery_is_answered_once_it_is_kept(vtr: Deployment) -> None:
    assert vtr.deliver(BODY).status == 200
    assert kept(vtr) == 1


def test_a_body_in_base64_is_verified_by_its_own_bytes(vtr: Deployment) -> None:
    assert vtr.deliver(BODY, in_base64=True).status == 200
    assert kept(vtr) == 1


@pytest.mark.parametrize(
    "secrets", [[SECRET], [OTHER_SECRET, SECRET], [SECRET, OTHER_SECRET]], ids=str
)
def test_either_secret_will_do_while_it_is_rotated(vtr: Deployment, secrets: list[str]) -> None:
    vtr.aws.set_secrets("standard", secrets)
    assert vtr.deliver(BODY).status == 200


@pytest.mark.parametrize("minutes", [-4.9, 4.9])
def test_a_timestamp_may_be_five_minutes_off(vtr: Deployment, minutes: float) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert vtr.deliver(BODY, at=at).status == 200


@pytest.mark.parametrize("minutes", [-5.1, 5.1, -60 * 24 * 365])
def test_a_timestamp_further_off_is_refused_and_nothing_kept(
    vtr: Deployment, minutes: float
) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert_problem(vtr.deliver(BODY, at=at), "unauthentic_webhook")
    assert kept(vtr) == 0


def test_another_secrets_signature_is_refused_and_nothing_kept(vtr: Deployment) -> None:
    assert_problem(vtr.deliver(BODY, secret=OTHER_SECRET), "unauthentic_webhook")
    assert kept(vtr) == 0


def test_another_body_than_the_signed_one_is_refused_and_nothing_kept(vtr: Deployment) -> None:
    headers = signed(SECRET, BODY, datetime.now(UTC))
    assert_problem(push(vtr, headers, BODY + b" "), "unauthentic_webhook")
    assert kept(vtr) == 0


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "x", "v1,", "é", "1" * 5000])
def test_a_header_that_lacks_or_cannot_be_read_is_refused_and_nothing_kept(
    vtr: Deployment, header: str, value: str | None
) -> None:
    headers = signed(SECRET, BODY, datetime.now(UTC))
    del headers[header]
    if value is not None:
        headers[header] = value
    assert_problem(push(vtr, headers), "unauthentic_webhook")
    assert kept(vtr) == 0


def test_a_request_without_a_body_is_refused(vtr: Deployment) -> None:
    assert_problem(push(vtr, {}, None), "unauthentic_webhook")


@pytest.mark.parametrize("source", ["nobody", "STANDARD", "standard ", "..", "é", "x" * 500])
def test_a_source_that_nobody_knows(vtr: Deployment, source: str) -> None:
    headers = signed(SECRET, BODY, datetime.now(UTC))
    answer = vtr.send(http_event("POST", f"/v1/webhooks/{source}", body=BODY, headers=headers))
    assert_problem(answer, "source_not_found")
    assert kept(vtr) == 0


def test_a_refusal_says_what_to_do(vtr: Deployment) -> None:
    assert_problem(vtr.deliver(BODY, secret=OTHER_SECRET), "unauthentic_webhook")
    unknown = vtr.send(http_event("POST", "/v1/webhooks/nobody", body=BODY))
    assert_problem(unknown, "source_not_found")


def test_a_known_source_that_is_not_set_up_trusts_nobody(vtr: Deployment) -> None:
    headers = signed(SECRET, BODY, datetime.now(UTC))
    answer = vtr.send(http_event("POST", "/v1/webhooks/ups", body=BODY, headers=headers))
    assert_problem(answer, "unauthentic_webhook")
    assert kept(vtr) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b'{"type": "scan.recorded"}'])
def test_an_authentic_body_that_cannot_be_read_is_kept_and_never_refused(
    vtr: Deployment, body: bytes
) -> None:
    assert vtr.deliver(body, in_base64=True).status == 200
    assert kept(vtr) == 1


def test_the_answer_says_what_was_taken_and_why_the_rest_was_not(vtr: Deployment) -> None:
    answered = vtr.deliver(scans_body(a_scan(physical=True), a_scan(occurred_at="yesterday")))
    assert answered.headers["content-type"] == "application/json"
    assert answered.headers["x-request-id"] == REQUEST_ID
    assert answered.json["accepted"] == 1
    assert answered.json["skipped"][0].startswith("scan 2: occurred_at: 'yesterday'")
    assert kept(vtr) == 1


def test_a_large_body_is_kept_too(vtr: Deployment) -> None:
    assert vtr.deliver(scans_body(a_scan(place="x" * 900_000))).status == 200
    assert kept(vtr) == 2


def test_what_cannot_be_kept_is_not_answered_with_success(vtr: Deployment) -> None:
    vtr.aws.sqs.delete_queue(QueueUrl=vtr.aws.queues["ScansQueue"])
    answer = vtr.deliver(BODY)
    assert_problem(answer, "internal_error")
    assert "Queue" not in answer.text


def test_one_unreadable_scan_does_not_hold_the_others_of_its_body_back(vtr: Deployment) -> None:
    vtr.call("PUT", "/v1/orders/114-1/packages/1", a_package())
    nonsense: list[Any] = [{}, {"carrier": "ups"}, a_scan(occurred_at="soon"), a_scan("")]
    vtr.scan(*nonsense, a_scan())
    assert vtr.call("GET", "/v1/orders/114-1/packages/1").json["state"] == "valid"


@pytest.mark.parametrize(
    "occurred_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2999-01-01T00:00Z"]
)
def test_a_scan_of_an_impossible_time_breaks_nothing(vtr: Deployment, occurred_at: str) -> None:
    vtr.call("PUT", "/v1/orders/114-1/packages/1", a_package())
    vtr.scan(a_scan(occurred_at=occurred_at), a_scan())
    assert vtr.call("GET", "/v1/orders/114-1/packages/1").json["state"] == "valid"
