"""The sources' own webhooks: proofs, handshakes, bodies that cannot be read, and the archive."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from integration.deployment import Answer, Deployment
from integration.problems import assert_problem
from integration.requests import UPS, a_package, a_scan
from support.events import http_event, scans_body, sqs_event
from vtr.adapters.memory.scans import MemoryActivations
from vtr.bootstrap import services
from vtr.use_cases.manage_sources import add_source
from vtr.use_cases.replay import replay

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
TOKEN = "/v1/webhooks/ups/token"
PACKAGE = "/v1/orders/114-1/packages/1"
TODAY = datetime.now(UTC).date()


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def post(vtr: Deployment, path: str, body: bytes, **headers: str) -> Answer:
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return vtr.send(http_event("POST", path, body=body, headers=named, in_base64=True))


def objects(vtr: Deployment, prefix: str) -> list[str]:
    return [key for key in vtr.aws.object_keys() if key.startswith(prefix)]


def hmac_base64(key: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256)).decode()


PROOFS: dict[str, Callable[[str, bytes], dict[str, str]]] = {
    "ups": lambda key, _: {"credential": key},
    "fedex": lambda key, body: {"fdx_signature": hmac_base64(key, body)},
    "ship24": lambda key, _: {"authorization": f"Bearer {key}"},
    "aftership": lambda key, body: {"aftership_hmac_sha256": hmac_base64(key, body)},
    "dhl": lambda _, __: {},
    "shippo": lambda _, __: {},
}
BODIES = {
    "ups": "ups/origin",
    "fedex": "fedex/number_used_twice",
    "ship24": "ship24/last_mile_has_its_own_number",
    "aftership": "aftership/partner_then_acceptance",
    "dhl": "dhl/push_express",
    "shippo": "shippo/accepted",
}


@pytest.mark.parametrize("account", ["", "acme"])
@pytest.mark.parametrize("source", PROOFS)
def test_a_source_is_taken_at_the_url_that_it_was_given(
    vtr: Deployment, source: str, account: str
) -> None:
    given = "theirs" if source in {"aftership", "ship24"} else ""
    setup = add_source(vtr.aws.ports(), source, account, given)
    body = fixture(BODIES[source])
    proof = PROOFS[source](next(iter(setup.keys), ""), body)
    assert post(vtr, setup.path, body, **proof).status == 200
    for path in (f"{setup.path}x", f"/v1/webhooks/{source}/url_other.x"):
        if setup.url_secrets:
            assert post(vtr, path, body, **proof).status == 401
    if proof:
        assert post(vtr, setup.path, body, **dict.fromkeys(proof, "wrong")).status == 401
    assert vtr.work_off("ScansQueue") == 1
    (kept,) = vtr.aws.ports().archive.read(TODAY)
    assert (kept.source, kept.account, kept.body) == (source, account, body)


def test_what_is_not_authentic_is_counted_and_kept_nowhere(
    vtr: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert post(vtr, "/v1/webhooks/ups", b"{}", credential="guess").status == 401
    assert post(vtr, "/v1/webhooks/amazon", b"{}").status == 401
    assert vtr.aws.object_keys() == []
    assert vtr.aws.take("ScansQueue") == []
    assert '"DeliveryRefused":[1.0]' in capsys.readouterr().out


def test_ups_fetches_a_token_and_sends_with_it(vtr: Deployment) -> None:
    setup = add_source(vtr.aws.ports(), "ups")
    pair = base64.b64encode(f"vtr:{setup.keys[0]}".encode()).decode()
    granted = post(vtr, "/v1/webhooks/ups/token", b"", authorization=f"Basic {pair}")
    assert (granted.json["token_type"], granted.json["expires_in"]) == ("Bearer", 3600)
    bearer = f"Bearer {granted.json['access_token']}"
    assert post(vtr, setup.path, fixture("ups/origin"), authorization=bearer).status == 200
    form = f"grant_type=client_credentials&client_id=vtr&client_secret={setup.keys[0]}".encode()
    assert post(vtr, "/v1/webhooks/ups/token", form).status == 200


@pytest.mark.parametrize("how", ["header", "form"])
def test_the_secret_in_a_url_is_none_that_tokens_are_given_for(vtr: Deployment, how: str) -> None:
    setup = add_source(vtr.aws.ports(), "ups", "acme")
    answers = []
    for secret in (setup.keys[0], setup.url_secrets[0]):
        if how == "header":
            pair = base64.b64encode(f"acme:{secret}".encode()).decode()
            answers.append(post(vtr, TOKEN, b"", authorization=f"Basic {pair}").status)
        else:
            form = f"client_id=acme&client_secret={secret}".encode()
            answers.append(post(vtr, TOKEN, form).status)
    assert answers == [200, 401]


def test_a_request_for_a_token_that_is_too_large_is_refused_unread(vtr: Deployment) -> None:
    secret = add_source(vtr.aws.ports(), "ups").keys[0]
    form = f"client_id=vtr&client_secret={secret}&a=".encode()
    assert post(vtr, TOKEN, form.ljust(4096, b"a")).status == 200
    refused = post(vtr, TOKEN, form.ljust(4097, b"a"))
    assert_problem(refused, "body_too_large")


@pytest.mark.parametrize("header", ["", "Basic", "Basic %%%", "Basic dnRyOg==", "Basic dnRyOng="])
def test_a_token_is_for_who_knows_the_secret(vtr: Deployment, header: str) -> None:
    add_source(vtr.aws.ports(), "ups")
    assert post(vtr, "/v1/webhooks/ups/token", b"", authorization=header).status == 401


def test_a_handshake_is_answered_at_once_and_the_call_it_wants_is_made_later(
    vtr: Deployment,
) -> None:
    setup = add_source(vtr.aws.ports(), "dhl")
    body = json.loads(fixture("dhl/validate"))
    body["self"] = "https://api-eu.dhl.com/tracking/push/v1/subscription/1"
    answer = post(vtr, setup.path, json.dumps(body).encode())
    assert (answer.status, answer.json) == (200, {"secret": body["secret"]})
    (handshake,) = vtr.aws.take("ScansQueue")
    vtr.scan(a_scan())
    vtr.invoke("record_scans", sqs_event(handshake["Body"].replace("dhl", "standard")))
    activations = MemoryActivations()
    vars(services())["activations"] = activations  # the port, before it is first asked for
    vtr.invoke("record_scans", sqs_event(handshake["Body"]))
    assert activations.called == [(body["self"], {"DHL-Hook-Secret": body["secret"]})]


UNREADABLE = {
    "empty": b"",
    "truncated": scans_body(a_scan())[:-20],
    "nested": b'{"data":' + b"[" * 100_000,
    "wrong charset": json.dumps({"type": "scan.recorded", "data": "é"}, ensure_ascii=False).encode(
        "latin-1"
    ),
    "wrong types": b'{"type": "scan.recorded", "data": 7}',
    "ten megabytes": b"0" * 10_000_000 + b"x",
    "no object": b"[1, 2]",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_authentic_body_that_cannot_be_read_is_laid_aside_and_does_not_come_again(
    vtr: Deployment, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    body = UNREADABLE[name]
    assert vtr.deliver(body, in_base64=True).status == 200
    assert vtr.work_off("ScansQueue") == 1
    (key,) = objects(vtr, "quarantine/")
    assert key == f"quarantine/day={TODAY}/source=standard/{hashlib.sha256(body).hexdigest()}"
    assert len(objects(vtr, "raw/")) == 1
    assert '"DeliveryQuarantined":[1.0]' in capsys.readouterr().out


def test_a_key_given_twice_counts_as_given_last(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    body = scans_body(a_scan()).replace(b'{"type"', b'{"type": "nothing", "type"')
    assert vtr.deliver(body).status == 200
    vtr.settle()
    assert vtr.call("GET", PACKAGE).json["state"] == "valid"


def test_ten_thousand_events_of_one_parcel_in_one_body_are_recorded(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    assert vtr.deliver(scans_body(*(a_scan(place=f"hub {n}") for n in range(10_000)))).status == 200
    assert len(objects(vtr, "deliveries/")) == 1
    vtr.settle()
    assert vtr.call("GET", PACKAGE).json["state"] == "valid"


def test_a_body_of_very_many_parcels_is_recorded_in_parts_and_archived_once(
    vtr: Deployment,
) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    numbers = [f"1Z999AA1{n:010}" for n in range(250)]
    body = scans_body(*(a_scan(number) for number in [*numbers, UPS[0]]))
    assert vtr.deliver(body).status == 200
    assert [vtr.work_off("ScansQueue") for _ in range(3)] == [1, 3, 0]
    assert vtr.call("GET", PACKAGE).json["state"] == "valid"
    assert len(objects(vtr, "raw/")) == 1


def test_the_same_batch_handed_out_again_is_archived_once(vtr: Deployment) -> None:
    for number in UPS:
        vtr.deliver(scans_body(a_scan(number)))
    bodies = [message["Body"] for message in vtr.aws.take("ScansQueue")]
    for _ in range(2):
        vtr.invoke("record_scans", sqs_event(*bodies))
    assert len(objects(vtr, "raw/")) == 1


def test_what_cannot_be_archived_comes_again(vtr: Deployment) -> None:
    vtr.deliver(scans_body(a_scan()))
    (message,) = vtr.aws.take("ScansQueue")
    vtr.aws.s3.delete_bucket(Bucket="vtr-bucket")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        vtr.invoke("record_scans", sqs_event(message["Body"]))


def test_a_replay_records_again_and_archives_nothing_more(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.scan(a_scan())
    before = vtr.aws.object_keys()
    assert replay(vtr.aws.ports(), TODAY, TODAY) == 1
    assert vtr.work_off("ScansQueue") == 1
    assert vtr.aws.object_keys() == before
    assert vtr.call("GET", PACKAGE).json["state"] == "valid"


def test_what_a_replay_hands_out_together_is_not_archived_as_a_batch_of_its_own(
    vtr: Deployment,
) -> None:
    for number in UPS[:2]:
        vtr.scan(a_scan(number))
    before = vtr.aws.object_keys()
    assert replay(vtr.aws.ports(), TODAY, TODAY) == 2
    bodies = [message["Body"] for message in vtr.aws.take("ScansQueue")]
    assert vtr.invoke("record_scans", sqs_event(*bodies)) == {"batchItemFailures": []}
    assert vtr.aws.object_keys() == before


def test_amazons_notifications_come_from_a_queue_of_their_own(vtr: Deployment) -> None:
    event: dict[str, Any] = sqs_event(fixture("amazon/event_history").decode())
    event["Records"][0]["eventSourceARN"] = "arn:aws:sqs:eu-central-1:123456789012:vtr-amazon"
    assert vtr.invoke("record_scans", event) == {"batchItemFailures": []}
    (key,) = objects(vtr, "raw/")
    assert "/source=amazon/" in key


def test_a_watch_over_silence_reports_by_carrier(
    vtr: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    assert vtr.invoke("watch_silence", {}) == {"ups": 1}
    logged = capsys.readouterr().out
    assert '"carrier":"ups","ParcelFoundSilent":[1.0]' in logged
    assert '"CarrierFoundSilent":[0.0]' in logged
