"""ShipEngine signs with RSA; a library that was not written here signs for these tests."""

import json
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA512, HashAlgorithm

from vtr.domain.errors import UnauthenticWebhookError
from vtr.sources import source
from vtr.sources.shared.base import WebhookRequest
from vtr.sources.shipengine import KEYS_URL

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BODY = b'{"resource_type": "API_TRACK"}'


@cache
def private_key(_name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_set(*names: str, bits: int = 2048) -> str:
    keys = []
    for name in names:
        public = private_key(name, bits).public_key().public_numbers()
        keys.append({"kty": "RSA", "kid": name, "n": number(public.n), "e": number(public.e)})
    return json.dumps({"keys": keys})


def signed(
    *, by: str = "one", body: bytes = BODY, bits: int = 2048, algorithm: HashAlgorithm | None = None
) -> dict[str, str]:
    timestamp = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    message = f"{timestamp}.".encode() + body
    signature = private_key(by, bits).sign(message, padding.PKCS1v15(), algorithm or SHA256())
    return {
        "x-shipengine-rsa-sha256-key-id": by,
        "x-shipengine-timestamp": timestamp,
        "x-shipengine-rsa-sha256-signature": b64encode(signature).decode(),
    }


def verify(headers: dict[str, str], *keys: str, body: bytes = BODY, now: datetime = NOW) -> None:
    source("shipengine").verify(WebhookRequest(body=body, headers=headers), keys, now)


def test_a_signature_by_a_published_key_verifies() -> None:
    verify(signed(), key_set("two"), key_set("one"))


def test_a_timestamp_in_unix_seconds_is_read_too() -> None:
    timestamp = str(int(NOW.timestamp()))
    message = f"{timestamp}.".encode() + BODY
    signature = private_key("one", 2048).sign(message, padding.PKCS1v15(), SHA256())
    headers = signed() | {
        "x-shipengine-timestamp": timestamp,
        "x-shipengine-rsa-sha256-signature": b64encode(signature).decode(),
    }
    verify(headers, key_set("one"))


def test_a_key_that_is_not_published_yet_asks_to_fetch_the_keys_again() -> None:
    with pytest.raises(UnauthenticWebhookError):
        verify(signed(by="two"), key_set("one"))


@pytest.mark.parametrize(
    "keys",
    [
        *("", "[]", "{}", '{"keys": [7, {"kty": "RSA", "kid": "one"}]}'),
        '{"keys": [{"kty": "RSA", "kid": "one", "n": "A", "e": "\u00e9"}]}',
    ],
)
def test_a_document_without_keys_knows_none(keys: str) -> None:
    with pytest.raises(UnauthenticWebhookError):
        verify(signed(), keys)


def test_any_flipped_bit_fails() -> None:
    keys = key_set("one")
    for name, value in signed().items():
        raw = value.encode()
        for position in range(8 * len(raw)):
            flipped = bytearray(raw)
            flipped[position // 8] ^= 1 << position % 8
            changed = flipped.decode("utf-8", "surrogateescape")
            with pytest.raises(UnauthenticWebhookError):
                verify(signed() | {name: changed}, keys)
    for position in range(8 * len(BODY)):
        body = bytearray(BODY)
        body[position // 8] ^= 1 << position % 8
        with pytest.raises(UnauthenticWebhookError):
            verify(signed(), keys, body=bytes(body))


def test_another_digest_another_key_and_a_short_key_fail() -> None:
    with pytest.raises(UnauthenticWebhookError):
        verify(signed(algorithm=SHA512()), key_set("one"))
    stolen = signed(by="two") | {"x-shipengine-rsa-sha256-key-id": "one"}
    with pytest.raises(UnauthenticWebhookError):
        verify(stolen, key_set("one"))
    with pytest.raises(UnauthenticWebhookError):
        verify(signed(by="short", bits=1024), key_set("short", bits=1024))


def test_a_signature_is_good_for_five_minutes() -> None:
    verify(signed(), key_set("one"), now=NOW + timedelta(minutes=5))
    with pytest.raises(UnauthenticWebhookError):
        verify(signed(), key_set("one"), now=NOW + timedelta(minutes=6))


def test_the_keys_are_those_of_shipengine_alone() -> None:
    assert source("shipengine").keys_url == KEYS_URL == "https://api.shipengine.com/jwks"
