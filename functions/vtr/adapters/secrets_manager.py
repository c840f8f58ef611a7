"""The sources' secrets, in Secrets Manager: one secret per source.

``{"secrets": ["whsec_…"], "accounts": {"acme": ["url_acme.…"]}}``: the live secrets of the
marketplace's own source, and of those bound to an account; newest first. A secret holds 64 KB, some
250 accounts.

They are cached for ``FRESH_SECONDS``. Before a request that matches none is refused, they are read
again, so that a new one works ``PAUSE_SECONDS`` after it was stored.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vtr.adapters.ttl_cache import Fresh

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

FRESH_SECONDS = 300.0
PAUSE_SECONDS = 2.0

_Stored = dict[str, Any]


class SecretsManagerSourceSecrets:
    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._fresh: Fresh[_Stored | None] = Fresh(self._read, FRESH_SECONDS, PAUSE_SECONDS)

    def of(self, source: str, account: str = "") -> Sequence[str]:
        return _by_account(self._fresh(source)).get(account, ())

    def refresh(self, source: str) -> bool:
        return self._fresh.forget(source)

    def by_account(self, source: str) -> Mapping[str, Sequence[str]]:
        return {
            account: secrets
            for account, secrets in sorted(_by_account(self._read(source)).items())
            if secrets
        }

    def save(self, source: str, account: str, secrets: Sequence[str]) -> None:
        everyone = {**self.by_account(source), account: secrets}
        accounts = {name: list(kept) for name, kept in everyone.items() if name and kept}
        value = json.dumps({"secrets": list(everyone.get("", ())), "accounts": accounts})
        name = f"{self._prefix}{source}"
        try:
            self._client.put_secret_value(SecretId=name, SecretString=value)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            self._client.create_secret(Name=name, SecretString=value)

    def _read(self, source: str) -> _Stored | None:
        try:
            secret = self._client.get_secret_value(SecretId=f"{self._prefix}{source}")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        stored: _Stored = json.loads(secret["SecretString"])
        return stored


def _by_account(stored: _Stored | None) -> dict[str, Sequence[str]]:
    stored = stored or {}
    return {"": stored.get("secrets", []), **stored.get("accounts", {})}
