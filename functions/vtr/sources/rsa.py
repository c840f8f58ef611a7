"""Check RSA signatures (PKCS #1 v1.5 with SHA-256) by published keys.

A signature is checked with public values only, by making the one encoding that is right and
comparing it whole (RFC 8017, section 8.2.2): no secret can leak, and nothing is parsed that could
be forged. That spares the functions a library that would be larger than all their own code.
"""

import hmac
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from vtr.sources.base import UnauthenticError, UndecodableError
from vtr.sources.reading import fields, read_object, rows, text
from vtr.sources.signatures import decode_base64

_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_SHORTEST_KEY = 2048  # bits


class PublicKey(NamedTuple):
    modulus: int
    exponent: int


@lru_cache(maxsize=16)
def public_keys(document: str) -> Mapping[str, PublicKey]:
    """Return the RSA keys of a JSON Web Key Set (RFC 7517) by their ids; none if it is none."""
    try:
        entries = map(fields, rows(read_object(document).get("keys")))
    except UndecodableError:
        return {}
    rsa = (entry for entry in entries if entry.get("kty") == "RSA")
    keys = {
        text(entry.get("kid")): PublicKey(_number(entry, "n"), _number(entry, "e")) for entry in rsa
    }
    return {key_id: key for key_id, key in keys.items() if _is_usable(key)}


def _number(entry: Mapping[str, object], name: str) -> int:
    value = text(entry.get(name))
    try:
        return int.from_bytes(urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    except ValueError:
        return 0


def _is_usable(key: PublicKey) -> bool:
    return key.modulus.bit_length() >= _SHORTEST_KEY and key.exponent > 1


def require_rsa_signature(signature: str, message: bytes, keys: Iterable[PublicKey]) -> None:
    """Raise `UnauthenticError` unless the base64 *signature* of *message* is by one of *keys*."""
    signed = decode_base64(signature)
    # Base64 has several spellings of the same bytes: only the one that encoding gives is taken.
    if b64encode(signed).decode("ascii") != signature:
        raise UnauthenticError("the signature cannot be read")
    digest = _SHA256_DIGEST_INFO + sha256(message).digest()
    if not any(_is_signed(signed, digest, key) for key in keys):
        raise UnauthenticError("the signature does not match")


def _is_signed(signed: bytes, digest: bytes, key: PublicKey) -> bool:
    size = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(signed)
    if len(signed) != size or number >= key.modulus:
        return False
    expected = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    found = pow(number, key.exponent, key.modulus).to_bytes(size)
    return hmac.compare_digest(found, expected)
