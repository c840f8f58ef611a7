"""Requests made to be read in two ways: each is read in one, or refused."""

import base64
import gzip
from datetime import UTC, datetime

import pytest

from integration.deployment import SECRET, Deployment
from integration.problems import assert_problem
from integration.requests import UPS, a_package, a_scan
from support.events import http_event, scans_body, signed
from vtr.use_cases.manage_sources import add_source

PACKAGE = "/v1/orders/114-1/packages/1"
BODY = scans_body(a_scan())
JSON = {"content-type": "application/json"}


def kept(vtr: Deployment) -> int:
    return len(vtr.aws.take("ScansQueue")) + len(vtr.aws.object_keys())


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "gzip, identity"])
@pytest.mark.parametrize("path", [PACKAGE, "/v1/packages/batch", "/v1/reports"])
def test_a_compressed_body_is_refused_and_not_unfolded(
    vtr: Deployment, path: str, encoding: str
) -> None:
    bomb = gzip.compress(b'{"carrier":"' + b" " * 50_000_000)
    assert len(bomb) < 100_000
    method = "PUT" if path == PACKAGE else "POST"
    headers = {**JSON, "content-encoding": encoding}
    answer = vtr.call(method, path, bomb, headers=headers, in_base64=True)
    assert_problem(answer, "unsupported_media_type")


def test_a_body_said_to_be_as_it_is_is_taken(vtr: Deployment) -> None:
    headers = {"content-encoding": "identity"}
    assert vtr.call("PUT", PACKAGE, a_package(), headers=headers).status == 201


def test_a_compressed_delivery_is_kept_as_it_was_signed_and_never_unfolded(vtr: Deployment) -> None:
    folded = gzip.compress(BODY)
    headers = signed(SECRET, folded, datetime.now(UTC)) | {"content-encoding": "gzip"}
    event = http_event(
        "POST", "/v1/webhooks/standard", body=folded, headers=headers, in_base64=True
    )
    assert vtr.send({**event, "body": base64.b64encode(folded).decode()}).status == 200
    assert vtr.work_off("ScansQueue") == 1
    assert any(key.startswith("quarantine/") for key in vtr.aws.object_keys())


@pytest.mark.parametrize(
    "path",
    [
        "standard/../ups",
        "standard/..%2fups",
        "../webhooks/standard",
        "standard%00",
        "standard\\ups",
        "standard;x=1",
        "standard?x",
        "STANDARD",
        " standard",
        "standard/url_acme.guess",
        "standard//",
        "standard/%2e%2e/standard",
        ".",
        "..",
        "%2e%2e%2f%2e%2e%2frates",
        "",
    ],
)
def test_a_path_made_to_mean_something_else_opens_nothing(vtr: Deployment, path: str) -> None:
    for source in ("ups", "shippo"):
        add_source(vtr.aws.ports(), source, "", "")
    event = http_event("POST", "/v1/webhooks/x", body=BODY)
    answer = vtr.send({**event, "rawPath": f"/v1/webhooks/{path}"})
    assert answer.status in {401, 404}
    assert kept(vtr) == 0


@pytest.mark.parametrize("slash", ["/", "%2f", "%2F", "//"])
def test_an_encoded_slash_proves_no_more_than_a_plain_one(vtr: Deployment, slash: str) -> None:
    add_source(vtr.aws.ports(), "shippo", "acme", "")
    event = http_event("POST", "/v1/webhooks/x", body=BODY)
    answer = vtr.send({**event, "rawPath": f"/v1/webhooks/shippo{slash}url_acme.guessed"})
    assert_problem(answer, "unauthentic_webhook")
    assert kept(vtr) == 0


def test_headers_are_found_whatever_the_case_of_their_names(vtr: Deployment) -> None:
    headers = signed(SECRET, BODY, datetime.now(UTC))
    event = http_event("POST", "/v1/webhooks/standard", body=BODY)
    shouted = {name.upper(): value for name, value in headers.items()}
    assert vtr.send({**event, "headers": shouted}).status == 200


@pytest.mark.parametrize("first", ["webhook-signature", "Webhook-Signature", "WEBHOOK-SIGNATURE"])
def test_of_two_signatures_under_one_name_in_any_case_no_wrong_one_proves_anything(
    vtr: Deployment, first: str
) -> None:
    headers = signed("whsec_" + base64.b64encode(b"x" * 24).decode(), BODY, datetime.now(UTC))
    wrong = headers.pop("webhook-signature")
    event = http_event("POST", "/v1/webhooks/standard", body=BODY)
    for doubled in (f"{wrong},{wrong}", f"{wrong} {wrong}", f"v1,,{wrong}"):
        forged = {**headers, first: doubled, "wEbhook-signature": wrong}
        assert_problem(vtr.send({**event, "headers": forged}), "unauthentic_webhook")
    assert kept(vtr) == 0


@pytest.mark.parametrize(
    "authorization", ["{0},{1}", "{1},{0}", "{0} {1}", "{1}, {1}", "{1}\n{0}", "{1}\x00"]
)
def test_two_keys_in_one_header_are_no_key(vtr: Deployment, authorization: str) -> None:
    other, own = (f"Bearer {vtr.key(account=name)}" for name in ("other", "acme"))
    sent = {"authorization": authorization.format(other, own)}
    assert_problem(vtr.call("GET", "/v1/rates", key="", headers=sent), "unauthenticated")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orders/114-1%2fpackages%2f1",
        "/v1/orders/114-1%2Fpackages/1",
        "/v1/orders/../rates",
        "/v1/orders/%2e%2e/rates",
        "/v1/orders/114-1%00",
        "/v1/orders/other%23114-1",
        "/v1/orders/other#114-1",
    ],
)
def test_no_path_reaches_into_another_account(vtr: Deployment, path: str) -> None:
    other = vtr.key(account="other")
    assert vtr.call("PUT", PACKAGE, a_package(UPS[1]), key=other).status == 201
    event = http_event("GET", PACKAGE, key=vtr.key())
    answer = vtr.send({**event, "rawPath": path})
    assert answer.status in {404, 422}
    assert UPS[1] not in answer.text
