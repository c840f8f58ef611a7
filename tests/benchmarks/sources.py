"""Webhooks by source: verifying and decoding a body, against one HMAC over it and ``json.loads``.

No design can spare those two. Each source is measured on the slowest of its recorded bodies, of one
event and of several.
"""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.figures import Budget, Figure, cpu_seconds
from vtr.domain.evidence import evidence_of, merged
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import WebhookRequest

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SENT = str(int(NOW.timestamp()))
SECRET = "whsec_c2VjcmV0LW9mLXRoZS1iZW5jaG1hcms="
A_BODY, A_SCAN = Budget(at_most=600), Budget(at_most=200)
FLOOR = "HMAC and json.loads"
ROUNDS = 2


class Body(NamedTuple):
    """Microseconds that a body of this many scans takes, and that the floor does."""

    scans: int
    took: float
    floor: float


def figures() -> Iterator[Figure]:
    for name in SOURCES:
        bodies = [_measured(name, path) for path in sorted((FIXTURES / name).glob("*.json"))]
        single = [body for body in bodies if body.scans == 1]
        several = [body for body in bodies if body.scans > 1]
        if single:
            yield _figure(name, "a body of one scan", max(single, key=_a_scan), A_BODY)
        if several:
            yield _figure(name, "a scan of several", max(several, key=_a_scan), A_SCAN)
    yield _scan_path()


def _a_scan(body: Body) -> float:
    return body.took / body.scans


def _figure(name: str, what: str, body: Body, budget: Budget) -> Figure:
    return Figure(
        name=f"verify and decode, {name}: {what}",
        value=body.took / body.scans,
        unit="µs",
        beside=FLOOR,
        reference=body.floor / body.scans,
        budget=budget,
    )


def _scan_path() -> Figure:
    """All that a scan costs but for what waits: a body of ten, verified, decoded and merged."""
    scans = [
        {
            "carrier": "ups",
            "tracking_number": "1Z999AA10123456784",
            "occurred_at": f"2026-11-19T{hour:02}:00:00Z",
            "milestone": "in_transit",
        }
        for hour in range(10)
    ]
    body = json.dumps({"type": "scan.recorded", "data": {"scans": scans}}).encode()
    request, secrets = _prepared("standard", body)
    standard = source("standard")
    assert request is not None

    def work() -> None:
        standard.verify(request, secrets, NOW)
        merged(evidence_of(scan) for scan in standard.decode(body).scans)

    took, floor = cpu_seconds(work, lambda: (_mac(body), json.loads(body)))
    return Figure(
        name="scan path: verify, decode and merge, a scan of ten",
        value=took * 1e6 / len(scans),
        unit="µs",
        beside=FLOOR,
        reference=floor * 1e6 / len(scans),
        budget=A_SCAN,
    )


def _measured(name: str, path: Path) -> Body:
    found, body = source(name), path.read_bytes()
    request, secrets = _prepared(name, body)

    def work() -> None:
        if request:
            found.verify(request, secrets, NOW)
        found.decode(body)

    took, floor = cpu_seconds(work, lambda: (_mac(body), json.loads(body)), rounds=ROUNDS)
    return Body(len(found.decode(body).scans), took * 1e6, floor * 1e6)


def _mac(message: bytes, key: bytes = SECRET.encode()) -> bytes:
    return hmac.digest(key, message, "sha256")


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def _rsa_signed(body: bytes) -> tuple[WebhookRequest, str]:
    """Return the request that ShipEngine would send, and the keys it would publish."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_numbers()
    modulus, exponent = (
        urlsafe_b64encode(number.to_bytes(256)).decode() for number in (public.n, public.e)
    )
    headers = {
        "x-shipengine-rsa-sha256-key-id": "k1",
        "x-shipengine-timestamp": SENT,
        "x-shipengine-rsa-sha256-signature": _text(
            key.sign(f"{SENT}.".encode() + body, PKCS1v15(), SHA256())
        ),
    }
    keys = {"keys": [{"kty": "RSA", "kid": "k1", "n": modulus, "e": exponent}]}
    return WebhookRequest(body=body, headers=headers), json.dumps(keys)


def _prepared(name: str, body: bytes) -> tuple[WebhookRequest | None, Sequence[str]]:
    """Return the request that *name* would send, and the secrets that are live for it."""
    if name == "shipengine":
        request, keys = _rsa_signed(body)
        return request, [keys]
    return _signed(name, body), ["another", SECRET, "of-the-url"]


def _signed(name: str, body: bytes) -> WebhookRequest | None:
    """Return the request that *name* would send, if it sends any."""
    stamped = f"{SENT}.".encode() + body
    standard = _mac(b"m1." + stamped, b"secret-of-the-benchmark")
    headers = {
        "17track": {"sign": hashlib.sha256(body + b"/" + SECRET.encode()).hexdigest()},
        "aftership": {"aftership-hmac-sha256": _text(_mac(body))},
        "dhl": {"x-chosen": SECRET},
        "easypost": {"x-hmac-signature": f"hmac-sha256-hex={_mac(body).hex()}"},
        "fedex": {"fdx-signature": _text(_mac(body))},
        "ship24": {"authorization": f"Bearer {SECRET}"},
        "shippo": {"shippo-auth-signature": f"t={SENT},v1={_mac(stamped).hex()}"},
        "standard": {
            "webhook-id": "m1",
            "webhook-timestamp": SENT,
            "webhook-signature": f"v1,{_text(standard)}",
        },
        "trackingmore": {"timestamp": SENT, "signature": _mac(SENT.encode()).hex()},
        "ups": {"credential": SECRET},
    }
    if name == "usps":
        return WebhookRequest(body=body, path_secret=SECRET)
    if name not in headers:
        return None
    return WebhookRequest(body=body, headers=headers[name], path_secret="of-the-url")
