"""The sources' secrets, in Secrets Manager: one secret per source.

``{"secrets": ["whsec_…"], "accounts": {"acme": ["url_acme.…"]}}``: the live secrets of the
marketplace's own source, and of those bound to an account; newest first. A secret holds 64 KB, some
250 accounts.

They are cached for ``FRESH_SECONDS``. Before a request that matches none is refused, they are read
again, so that a new one works ``PAUSE_SECONDS`` after it was stored. That there are none is cached
for as long.

Secrets Manager has no conditional put, but it moves a staging label only away from the version
that the call names. So a new version is put under ``STAGED``, and then ``AWSCURRENT`` is moved to
it from the version that was read.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vtr.adapters.ttl_cache import Fresh
from vtr.domain.backoff import backoff
from vtr.domain.errors import ConflictError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

FRESH_SECONDS = 300.0
PAUSE_SECONDS = 2.0

CURRENT, STAGED = "AWSCURRENT", "vtr-staged"
ATTEMPTS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 6, 0.1, 1.0

_Stored = dict[str, Any]


class SecretsManagerSourceSecrets:
    def __init__(self, client: "SecretsManagerClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._fresh: Fresh[_Stored | None] = Fresh(
            lambda source: self._read(source)[0], FRESH_SECONDS, PAUSE_SECONDS, PAUSE_SECONDS
        )

    def of(self, source: str, account: str = "") -> Sequence[str]:
        return _by_account(self._fresh(source)).get(account, ())

    def refresh(self, source: str) -> bool:
        return self._fresh.forget(source)

    def by_account(self, source: str) -> Mapping[str, Sequence[str]]:
        return {
            account: secrets
            for account, secrets in sorted(_by_account(self._read(source)[0]).items())
            if secrets
        }

    def save(
        self, source: str, account: str, secrets: Sequence[str], *, was: Sequence[str]
    ) -> None:
        pauses = backoff(ATTEMPTS, first=FIRST_PAUSE_SECONDS, longest=LONGEST_PAUSE_SECONDS)
        while True:
            stored, version = self._read(source)
            everyone = _by_account(stored)
            live = list(everyone.get(account, ()))
            if live == list(secrets):  # an earlier attempt was carried out, though not answered
                return
            pause = next(pauses, None)
            if live != list(was) or pause is None:
                raise ConflictError(f"{source} was changed at the same moment. Try again.")
            if self._put(source, _value({**everyone, account: secrets}), version):
                return
            sleep(pause)

    def _put(self, source: str, value: str, version: str) -> bool:
        """Store a value in place of a version; return False if that is not the current one."""
        name = f"{self._prefix}{source}"
        if not version:
            create = partial(self._client.create_secret, Name=name, SecretString=value)
            return _succeeds(create, {"ResourceExistsException"})
        staged = self._client.put_secret_value(
            SecretId=name, SecretString=value, VersionStages=[STAGED]
        )
        move = partial(
            self._client.update_secret_version_stage,
            SecretId=name,
            VersionStage=CURRENT,
            RemoveFromVersionId=version,
            MoveToVersionId=staged["VersionId"],
        )
        return _succeeds(move, {"InvalidParameterException", "InvalidRequestException"})

    def _read(self, source: str) -> tuple[_Stored | None, str]:
        """Return what is stored and its version; nothing, and no version, if there is none."""
        name = f"{self._prefix}{source}"
        try:
            secret = self._client.get_secret_value(SecretId=name, VersionStage=CURRENT)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None, ""
            raise
        return json.loads(secret["SecretString"]), secret["VersionId"]


def _by_account(stored: _Stored | None) -> dict[str, Sequence[str]]:
    stored = stored or {}
    return {"": stored.get("secrets", []), **stored.get("accounts", {})}


def _value(everyone: Mapping[str, Sequence[str]]) -> str:
    accounts = {name: list(kept) for name, kept in everyone.items() if name and kept}
    return json.dumps({"secrets": list(everyone.get("", ())), "accounts": accounts})


def _succeeds(call: Callable[[], object], overtaken: Collection[str]) -> bool:
    """Call; return False if the error is one of those that another writer causes."""
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] in overtaken:
            return False
        raise
    return True
