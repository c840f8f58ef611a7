"""Check RSA signatures (PKCS #1 v1.5 with SHA-256) by published keys."""

from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from vtr.domain.errors import UnauthenticWebhookError
from vtr.sources.shared.base import UndecodableError
from vtr.sources.shared.json_fields import fields, read_object, rows, text
from vtr.sources.shared.signatures import decode_base64

_SHORTEST_KEY = 2048  # bits


@lru_cache(maxsize=16)
def public_keys(document: str) -> Mapping[str, RSAPublicKey]:
    """Return the RSA keys of a JSON Web Key Set (RFC 7517) by their ids; none if it is none."""
    try:
        entries = map(fields, rows(read_object(document).get("keys")))
    except UndecodableError:
        return {}
    rsa = (entry for entry in entries if entry.get("kty") == "RSA")
    keys = {text(entry.get("kid")): _public_key(entry) for entry in rsa}
    return {key_id: key for key_id, key in keys.items() if key is not None}


def _public_key(entry: Mapping[str, object]) -> RSAPublicKey | None:
    """Return the key of an entry; None where it is none, or one too short to believe."""
    try:
        key = RSAPublicNumbers(n=_number(entry, "n"), e=_number(entry, "e")).public_key()
    except ValueError:
        return None
    return key if key.key_size >= _SHORTEST_KEY else None


def _number(entry: Mapping[str, object], name: str) -> int:
    value = text(entry.get(name))
    return int.from_bytes(urlsafe_b64decode(value + "=" * (-len(value) % 4)))


def require_rsa_signature(signature: str, message: bytes, keys: Iterable[RSAPublicKey]) -> None:
    """Raise ``UnauthenticWebhookError`` unless one of *keys* made the base64 *signature*."""
    signed = decode_base64(signature)
    # Base64 has several spellings of the same bytes: only the one that encoding gives is taken.
    if b64encode(signed).decode("ascii") != signature:
        raise UnauthenticWebhookError("the signature cannot be read")
    if not any(_is_signed(signed, message, key) for key in keys):
        raise UnauthenticWebhookError("the signature does not match")


def _is_signed(signed: bytes, message: bytes, key: RSAPublicKey) -> bool:
    try:
        key.verify(signed, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
