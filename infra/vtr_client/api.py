"""The client of the HTTP API."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, Self

import httpx

from vtr_client.console import messages
from vtr_client.errors import CommandError, InputError
from vtr_client.problems import RefusedError

TIMEOUT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 60
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Document = dict[str, Any]


class ApiClient:
    """The API at *url*, called with *key*. Every failure is a ``CommandError``."""

    def __init__(self, url: str, key: str = "") -> None:
        try:
            self._url = httpx.URL(url.rstrip("/"))
        except httpx.InvalidURL:
            raise InputError(f"{url} is no URL.") from None
        if self._url.scheme not in ("http", "https") or not self._url.host:
            raise InputError(f"{url} is no URL. It begins with http:// or https://.")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        # Use no proxy from the environment for our own machine.
        self._client = httpx.Client(
            timeout=TIMEOUT_SECONDS, trust_env=self._url.host not in LOOPBACK
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, object] | None = None) -> Document:
        present = {name: str(value) for name, value in (query or {}).items() if value is not None}
        return self._document("GET", path, params=present)

    def post(self, path: str, body: Mapping[str, Any]) -> Document:
        return self._document("POST", path, json=dict(body))

    def post_signed(self, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post *body* byte for byte, as a webhook: its signature in *headers* is the proof."""
        self._send("POST", path, signed=True, content=body, headers=dict(headers))

    def download(self, url: str, target: IO[bytes]) -> int:
        """Write what *url* returns to *target*; return the number of bytes."""
        with _failures_as_sentences(self._url), self._client.stream("GET", url) as response:
            if response.is_error:
                response.read()
                raise RefusedError(response)
            return sum(target.write(part) for part in response.iter_bytes())

    def _document(self, method: str, path: str, **content: Any) -> Document:
        response = self._send(method, path, headers=self._headers, **content)
        try:
            document = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise CommandError(f"{self._url} does not answer like this API. Is the URL right?")
        return document

    def _send(
        self, method: str, path: str, *, signed: bool = False, **content: Any
    ) -> httpx.Response:
        response = self._request(method, path, **content)
        while (seconds := _retry_after(response)) is not None:
            messages().print(f"Too many requests for one minute: going on in {seconds} s.")
            time.sleep(seconds)
            response = self._request(method, path, **content)
        if response.is_error:
            raise RefusedError(response, signed=signed)
        return response

    def _request(self, method: str, path: str, **content: Any) -> httpx.Response:
        with _failures_as_sentences(self._url):
            return self._client.request(method, f"{self._url}{path}", **content)


def _retry_after(response: httpx.Response) -> int | None:
    """Return the seconds to wait before repeating a throttled request, else None."""
    header = response.headers.get("Retry-After", "")
    if response.status_code != httpx.codes.TOO_MANY_REQUESTS or not header.isdecimal():
        return None
    return min(int(header), LONGEST_WAIT_SECONDS)


@contextmanager
def _failures_as_sentences(url: httpx.URL) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException:
        raise CommandError(f"{url.host} did not answer within {TIMEOUT_SECONDS:.0f} s.") from None
    except httpx.TransportError as error:
        remedy = "Bring the stack up with vtr up." if url.host in LOOPBACK else f"{error}."
        raise CommandError(f"Nothing answers at {url}. {remedy}") from None
