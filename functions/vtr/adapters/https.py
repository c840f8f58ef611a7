"""Calls to the sources themselves: the keys that they publish, the subscriptions that they open.

Every address is one of a source's own module; redirects are not followed, and what is answered is
read up to a limit.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from vtr.adapters.ttl_cache import Fresh

TIMEOUT_SECONDS = 3.0
LARGEST_ANSWER = 256 * 1024
FRESH_SECONDS = 3600.0
PAUSE_SECONDS = 60.0

Connect = Callable[[str], HTTPSConnection]


class SourceUnreachableError(Exception):
    """A source's own server did not answer as it should; the call is worth repeating."""


class HttpsSigningKeys:
    """Keys that are published change rarely; one that is not known yet has them read again."""

    def __init__(self, connect: Connect | None = None) -> None:
        self._connect = connect or _connection
        self._fresh: Fresh[str] = Fresh(self._read, FRESH_SECONDS, PAUSE_SECONDS)
        self._last: dict[str, str] = {}

    def of(self, url: str) -> str:
        try:
            self._last[url] = self._fresh(url)
        except SourceUnreachableError:
            # Keys that were good an hour ago verify more than none at all.
            if url not in self._last:
                raise
        return self._last[url]

    def refresh(self, url: str) -> bool:
        return self._fresh.forget(url)

    def _read(self, url: str) -> str:
        return _answer(self._connect, "GET", url, {}).decode("utf-8", "replace")


class HttpsActivations:
    def __init__(self, connect: Connect | None = None) -> None:
        self._connect = connect or _connection

    def call(self, url: str, headers: Mapping[str, str]) -> None:
        _answer(self._connect, "POST", url, headers)


def _connection(host: str) -> HTTPSConnection:
    return HTTPSConnection(host, timeout=TIMEOUT_SECONDS)


def _answer(connect: Connect, method: str, url: str, headers: Mapping[str, str]) -> bytes:
    address = urlsplit(url)
    connection = connect(address.netloc)
    try:
        connection.request(method, address.path or "/", headers=dict(headers))
        response = connection.getresponse()
        body = response.read(LARGEST_ANSWER)
    except (OSError, HTTPException) as error:
        raise SourceUnreachableError(f"{address.netloc} cannot be reached: {error}") from error
    finally:
        connection.close()
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise SourceUnreachableError(f"{address.netloc} answered {response.status}")
    return body
