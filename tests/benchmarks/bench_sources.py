"""What it costs to verify and to decode a scan, by source, against a floor of the same run.

The floor is what no design can spare: one HMAC over the body, and ``json.loads`` of it. Budgets: at
most 600 µs for a body of one event, and 200 µs a scan of any other.

    python tests/benchmarks/bench_sources.py
"""

# ruff: noqa: T201 a benchmark prints

import hashlib
import hmac
import json
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "functions"))

from vtr.sources import SOURCES, source  # noqa: E402 once the path is set
from vtr.sources.base import SourceError, WebhookRequest  # noqa: E402

FIXTURES = ROOT / "tests" / "fixtures" / "sources"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SENT = str(int(NOW.timestamp()))
SECRET = "whsec_c2VjcmV0LW9mLXRoZS1iZW5jaG1hcms="
BUDGET_A_SCAN, BUDGET_A_BODY = 200, 600  # µs


def mac(message: bytes, key: bytes = SECRET.encode()) -> bytes:
    return hmac.digest(key, message, "sha256")


def text(value: bytes) -> str:
    return b64encode(value).decode()


def rsa_signed(body: bytes) -> tuple[WebhookRequest, str]:
    """Return the request that ShipEngine would send, and the keys it would publish."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_numbers()
    modulus, exponent = (
        urlsafe_b64encode(number.to_bytes(256)).decode() for number in (public.n, public.e)
    )
    headers = {
        "x-shipengine-rsa-sha256-key-id": "k1",
        "x-shipengine-timestamp": SENT,
        "x-shipengine-rsa-sha256-signature": text(
            key.sign(f"{SENT}.".encode() + body, PKCS1v15(), SHA256())
        ),
    }
    keys = {"keys": [{"kty": "RSA", "kid": "k1", "n": modulus, "e": exponent}]}
    return WebhookRequest(body=body, headers=headers), json.dumps(keys)


def prepared(name: str, body: bytes) -> tuple[WebhookRequest | None, Sequence[str]]:
    """Return the request that *name* would send, and the secrets that are live for it."""
    if name == "shipengine":
        request, keys = rsa_signed(body)
        return request, [keys]
    return signed(name, body), ["another", SECRET, "of-the-url"]


def signed(name: str, body: bytes) -> WebhookRequest | None:
    """Return the request that *name* would send, if it sends any."""
    stamped = f"{SENT}.".encode() + body
    standard = mac(b"m1." + stamped, b"secret-of-the-benchmark")
    headers = {
        "17track": {"sign": hashlib.sha256(body + b"/" + SECRET.encode()).hexdigest()},
        "aftership": {"aftership-hmac-sha256": text(mac(body))},
        "dhl": {"x-chosen": SECRET},
        "easypost": {"x-hmac-signature": f"hmac-sha256-hex={mac(body).hex()}"},
        "fedex": {"fdx-signature": text(mac(body))},
        "ship24": {"authorization": f"Bearer {SECRET}"},
        "shippo": {"shippo-auth-signature": f"t={SENT},v1={mac(stamped).hex()}"},
        "standard": {
            "webhook-id": "m1",
            "webhook-timestamp": SENT,
            "webhook-signature": f"v1,{text(standard)}",
        },
        "trackingmore": {"timestamp": SENT, "signature": mac(SENT.encode()).hex()},
        "ups": {"credential": SECRET},
    }
    if name == "usps":
        return WebhookRequest(body=body, path_secret=SECRET)
    if name not in headers:
        return None
    return WebhookRequest(body=body, headers=headers[name], path_secret="of-the-url")


def best_of(run: Callable[[], object]) -> float:
    """Return the least time that *run* took in five rounds, in µs."""
    rounds = []
    for _ in range(5):
        start = perf_counter()
        for _ in range(200):
            run()
        rounds.append((perf_counter() - start) / 200 * 1e6)
    return min(rounds)


def measure(name: str, path: Path) -> bool:
    found = source(name)
    body = path.read_bytes()
    request, secrets = prepared(name, body)
    scans = len(found.decode(body).scans)
    if not scans:
        return True

    def work() -> None:
        if request:
            found.verify(request, secrets, NOW)
        found.decode(body)

    floor = best_of(lambda: (mac(body), json.loads(body)))
    took = best_of(work)
    kept = took <= (BUDGET_A_BODY if scans == 1 else BUDGET_A_SCAN * scans)
    print(
        f"{name:13}{path.stem:42}{scans:6}{took / scans:9.1f}{took:9.1f}{floor:8.1f}"
        f"{took / floor:7.1f}{'' if kept else '  over budget'}"
    )
    return kept


def main() -> int:
    print(
        f"{'source':13}{'body':42}{'scans':>6}{'µs/scan':>9}{'µs/body':>9}{'floor':>8}{'times':>7}"
    )
    kept = True
    for name in SOURCES:
        for path in sorted((FIXTURES / name).glob("*.json")):
            try:
                kept &= measure(name, path)
            except SourceError as error:
                print(f"{name:13}{path.stem:42}{error.detail}")
                kept = False
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
