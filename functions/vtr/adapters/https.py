"""Calls to the sources themselves: fetch the keys that they publish, activate subscriptions.

Every address comes from a source's own module. Redirects are not followed, and responses are read
up to a limit of bytes and of time.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from urllib.parse import urlsplit

from vtr.adapters.ttl_cache import Fresh

TIMEOUT_SECONDS = 2.0
"""For each step: to connect, to send, to receive the next bytes."""

LONGEST_SECONDS = 4.0
"""For all steps, but for the last one."""

LARGEST_ANSWER = 256 * 1024
FRESH_SECONDS = 3600.0
PAUSE_SECONDS = 60.0

Connect = Callable[[str], HTTPSConnection]


class SourceUnreachableError(Exception):
    """A source's own server did not respond as it should; the call may be retried."""


class HttpsSigningKeys:
    """Cache published keys, which change rarely; an unknown key makes them be read again."""

    def __init__(self, connect: Connect | None = None) -> None:
        self._connect = connect or _connection
        self._fresh: Fresh[str] = Fresh(self._read, FRESH_SECONDS, PAUSE_SECONDS)
        self._last: dict[str, str] = {}

    def of(self, url: str) -> str:
        try:
            self._last[url] = self._fresh(url)
        except SourceUnreachableError:
            # Keys that were valid an hour ago are better than none.
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
    address, ends = urlsplit(url), monotonic() + LONGEST_SECONDS
    connection = connect(address.netloc)
    try:
        connection.request(method, address.path or "/", headers=dict(headers))
        response = connection.getresponse()
        body = _read(response, ends)
    except (OSError, HTTPException) as error:
        raise SourceUnreachableError(f"{address.netloc} cannot be reached: {error}") from error
    finally:
        connection.close()
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise SourceUnreachableError(f"{address.netloc} answered {response.status}")
    return body


def _read(response: HTTPResponse, ends: float) -> bytes:
    """Read a body as it comes in; raise ``TimeoutError`` if it goes on after *ends*."""
    body = bytearray()
    while len(body) < LARGEST_ANSWER and (some := response.read1(LARGEST_ANSWER - len(body))):
        body += some
        if monotonic() > ends:
            raise TimeoutError(f"no whole answer after {LONGEST_SECONDS:.0f} seconds")
    return bytes(body)
