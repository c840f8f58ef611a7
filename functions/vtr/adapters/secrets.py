"""The sources' secrets, in Secrets Manager: one secret a source, ``{"secrets": ["whsec_…"]}``.

They are kept for ``FRESH_SECONDS``; a rotation has both secrets live for longer than that.
"""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

FRESH_SECONDS = 300.0


class _Stored(msgspec.Struct):
    secrets: list[str] = []


class SecretsManagerSourceSecrets:
    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._known: dict[str, tuple[float, Sequence[str]]] = {}

    def of(self, source: str) -> Sequence[str]:
        known = self._known.get(source)
        if known is not None and monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        found = self._read(source)
        if found:
            self._known[source] = monotonic(), found
        return found

    def _read(self, source: str) -> Sequence[str]:
        try:
            secret = self._client.get_secret_value(SecretId=f"{self._prefix}{source}")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return ()
            raise
        return msgspec.json.decode(secret["SecretString"], type=_Stored).secrets
