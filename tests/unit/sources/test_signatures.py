"""Published signatures verify, and nothing that differs by one bit does."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from vtr.domain.errors import UnauthenticWebhookError
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import WebhookRequest
from vtr.sources.ups import issue_token
from vtr.use_cases.manage_sources import SETUPS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SENT = str(int(NOW.timestamp()))
BODY = b'{"some": "body", "\xc3\xa9": [1, 2]}'


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A request that a source could have sent, and how it was signed."""

    source: str
    secret: str
    headers: dict[str, str]
    body: bytes = BODY
    path_secret: str = ""
    now: datetime = NOW
    signs_body: bool = True

    @property
    def request(self) -> WebhookRequest:
        return WebhookRequest(body=self.body, headers=self.headers, path_secret=self.path_secret)

    def verify(self, secrets: Sequence[str] | None = None) -> None:
        live = [self.secret, self.path_secret] if secrets is None else secrets
        source(self.source).verify(self.request, live, self.now)


def mac(secret: str, message: bytes) -> bytes:
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def base64(value: bytes) -> str:
    return b64encode(value).decode()


USPS_BODY = json.dumps({"timestamp": "2026-11-20T12:00:00Z", "payload": '{"a": "é"}'}).encode()

SIGNED = {
    # https://github.com/standard-webhooks/standard-webhooks, the specification's own example
    "standard, published": Signed(
        source="standard",
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        headers={
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        body=b'{"test": 2432232314}',
        now=datetime.fromtimestamp(1614265330, UTC),
    ),
    # https://www.trackingmore.com/docs/trackingmore/webhook
    "trackingmore, published": Signed(
        source="trackingmore",
        secret="2e55b9a3-4dd1-4416-9897-c4bd1e3d738f",
        headers={
            "timestamp": "1662371528",
            "signature": "a37084ab68ae16b77db1f8463f31be9fcc965e2515e03efecf8139bb1e511b06",
        },
        path_secret="of-the-url",
        now=datetime.fromtimestamp(1662371528, UTC),
        signs_body=False,
    ),
    # The key is the secret by NFKD, in which the é is two letters.
    "easypost": Signed(
        source="easypost",
        secret="s\u00e9cret",
        headers={"X-Hmac-Signature": "hmac-sha256-hex=" + mac("se\u0301cret", BODY).hex()},
    ),
    "aftership": Signed(
        source="aftership",
        secret="own-key",
        headers={"aftership-hmac-sha256": base64(mac("own-key", BODY))},
    ),
    "fedex, base64": Signed(
        source="fedex",
        secret="token",
        headers={"fdx-signature": base64(mac("token", BODY))},
    ),
    "fedex, hex": Signed(
        source="fedex", secret="token", headers={"FDX-Signature": mac("token", BODY).hex()}
    ),
    "usps": Signed(
        source="usps",
        secret="usps-key",
        headers={"X-HMAC": base64(mac("usps-key", '2026-11-20T12:00:00Z{"a": "é"}'.encode()))},
        body=USPS_BODY,
    ),
    "shippo": Signed(
        source="shippo",
        secret="shippo-key",
        headers={
            "Shippo-Auth-Signature": f"t={SENT},v1="
            + mac("shippo-key", f"{SENT}.".encode() + BODY).hex()
        },
    ),
    "17track": Signed(
        source="17track",
        secret="key",
        headers={"sign": hashlib.sha256(BODY + b"/key").hexdigest()},
    ),
    "ship24": Signed(
        source="ship24",
        secret="bearer-secret",
        headers={"Authorization": "Bearer bearer-secret"},
        signs_body=False,
    ),
    "ups, credential": Signed(
        source="ups", secret="credential", headers={"Credential": "credential"}, signs_body=False
    ),
    "ups, token": Signed(
        source="ups",
        secret="client-secret",
        headers={"Authorization": f"Bearer {issue_token('client-secret', NOW)[0]}"},
        signs_body=False,
    ),
    "dhl, header of one's choice": Signed(
        source="dhl", secret="chosen", headers={"X-Chosen": "chosen"}, signs_body=False
    ),
}
CASES = pytest.mark.parametrize("signed", SIGNED.values(), ids=SIGNED)


def test_every_source_that_calls_has_a_signed_request() -> None:
    elsewhere = {"shipengine"}  # test_shipengine_keys.py
    assert {signed.source for signed in SIGNED.values()} | elsewhere == set(SETUPS)


@CASES
def test_what_the_source_signed_verifies(signed: Signed) -> None:
    signed.verify()


@CASES
def test_either_of_two_live_secrets_verifies(signed: Signed) -> None:
    signed.verify([signed.path_secret, "the-new-one", signed.secret])


@CASES
def test_header_names_are_found_in_any_case(signed: Signed) -> None:
    shouted = {name.upper(): value for name, value in signed.headers.items()}
    replace(signed, headers=shouted).verify()


@CASES
def test_without_a_secret_nothing_verifies(signed: Signed) -> None:
    for secrets in ([], [""], ["another"], [signed.path_secret]):
        with pytest.raises(UnauthenticWebhookError):
            signed.verify(secrets)


@CASES
def test_without_its_headers_nothing_verifies(signed: Signed) -> None:
    for missing in signed.headers:
        rest = {name: value for name, value in signed.headers.items() if name != missing}
        with pytest.raises(UnauthenticWebhookError):
            replace(signed, headers=rest).verify()


@CASES
def test_any_flipped_bit_of_a_header_fails(signed: Signed) -> None:
    for name, value in signed.headers.items():
        raw = bytearray(value.encode())
        for position in range(8 * len(raw)):
            flipped = raw.copy()
            flipped[position // 8] ^= 1 << position % 8
            changed = flipped.decode("utf-8", "surrogateescape")
            if changed.lower().startswith("bearer ") or changed.strip() == value:
                continue  # a scheme's name is read in any case
            with pytest.raises(UnauthenticWebhookError):
                replace(signed, headers=signed.headers | {name: changed}).verify()


@pytest.mark.parametrize(
    "signed",
    [each for each in SIGNED.values() if each.signs_body],
    ids=[name for name, each in SIGNED.items() if each.signs_body],
)
def test_any_flipped_bit_of_a_signed_body_fails(signed: Signed) -> None:
    for position in range(8 * len(signed.body)):
        flipped = bytearray(signed.body)
        flipped[position // 8] ^= 1 << position % 8
        if signed.source == "usps" and signs_the_same(bytes(flipped), signed.body):
            continue
        with pytest.raises(UnauthenticWebhookError):
            replace(signed, body=bytes(flipped)).verify()


def signs_the_same(one: bytes, other: bytes) -> bool:
    """Whether two envelopes hold the same timestamp and payload, which is all that USPS signs."""
    try:
        read = [json.loads(body) for body in (one, other)]
    except ValueError:
        return False
    return all(read[0].get(name) == read[1][name] for name in ("timestamp", "payload"))


@pytest.mark.parametrize(
    "name", ["standard, published", "trackingmore, published", "shippo", "usps"]
)
def test_a_signed_timestamp_is_good_for_five_minutes(name: str) -> None:
    signed = SIGNED[name]
    for minutes in (-5, 5):
        replace(signed, now=signed.now + timedelta(minutes=minutes)).verify()
    for minutes in (-6, 6):
        with pytest.raises(UnauthenticWebhookError, match="too far from now"):
            replace(signed, now=signed.now + timedelta(minutes=minutes)).verify()


def test_a_token_of_ups_dies_with_its_hour() -> None:
    signed = SIGNED["ups, token"]
    end = NOW + issue_token("client-secret", NOW)[1]
    replace(signed, now=end).verify()
    with pytest.raises(UnauthenticWebhookError, match="expired"):
        replace(signed, now=end + timedelta(seconds=1)).verify()


def test_what_the_library_of_standard_webhooks_signs_verifies() -> None:
    secret = "whsec_" + base64(b"0123456789abcdef0123456789abcdef")
    signature = Webhook(secret).sign(msg_id="m1", timestamp=NOW, data=BODY.decode())
    headers = {
        "webhook-id": "m1",
        "webhook-timestamp": SENT,
        "webhook-signature": f"v1a,AAAA v1,{base64(bytes(32))} {signature}",
    }
    source("standard").verify(WebhookRequest(body=BODY, headers=headers), [secret], NOW)


@pytest.mark.parametrize("name", ["dhl", "shippo", "usps"])
def test_a_source_that_does_not_sign_is_known_by_the_secret_of_its_url(name: str) -> None:
    request = WebhookRequest(body=BODY, path_secret="of-the-url")
    source(name).verify(request, ["older", "of-the-url"], NOW)
    with pytest.raises(UnauthenticWebhookError):
        source(name).verify(request, ["older"], NOW)


def test_trackingmore_needs_a_secret_of_the_url_besides_the_one_that_signs() -> None:
    signed = SIGNED["trackingmore, published"]
    with pytest.raises(UnauthenticWebhookError, match="URL"):
        replace(signed, path_secret="").verify([signed.secret])
    with pytest.raises(UnauthenticWebhookError, match="signature"):
        replace(signed, path_secret=signed.secret).verify([signed.secret])


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"timestamp": 1, "payload": {}}'])
def test_an_envelope_of_usps_that_lacks_what_is_signed_is_unauthentic(body: bytes) -> None:
    request = WebhookRequest(body=body, headers={"x-hmac": "AAAA"})
    with pytest.raises(UnauthenticWebhookError):
        source("usps").verify(request, ["secret"], NOW)


@pytest.mark.parametrize("name", SOURCES)
def test_a_request_that_proves_nothing_is_unauthentic(name: str) -> None:
    for headers in ({}, {"authorization": "Basic Og=="}, {"x-hmac": "\udcff"}):
        for body in (b"", b"\xff", b"[" * 100_000):
            with pytest.raises(UnauthenticWebhookError):
                source(name).verify(WebhookRequest(body=body, headers=headers), ["secret"], NOW)
