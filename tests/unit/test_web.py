"""Calls to the sources' own servers: what they publish is kept, and kept on when they are down."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Any

import pytest

from vtr.adapters import https, ttl_cache
from vtr.adapters.https import HttpsActivations, HttpsSigningKeys, SourceUnreachableError

URL = "https://keys.example/jwks"
Answers = list[tuple[int, bytes] | Exception]


class Server:
    """Stands in for a connection, and answers one call after the other."""

    def __init__(self, *answers: tuple[int, bytes] | Exception) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, str, str, dict[str, str]]] = []
        self.host = ""
        self.part = 2

    def __call__(self, host: str) -> Any:
        self.host = host
        return self

    def request(self, method: str, path: str, headers: dict[str, str]) -> None:
        self.calls.append((method, self.host, path, headers))

    def getresponse(self) -> "Server":
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.status, self.body = answer
        return self

    def read1(self, limit: int) -> bytes:
        """A part of the body, as the network brings it."""
        limit = min(limit, self.part)
        found, self.body = self.body[:limit], self.body[limit:]
        return found

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def test_published_keys_are_asked_for_once_an_hour(clock: Callable[[float], None]) -> None:
    server = Server((200, b"one"), (200, b"two"))
    keys = HttpsSigningKeys(server)
    assert [keys.of(URL), keys.of(URL)] == ["one", "one"]
    clock(3601)
    assert keys.of(URL) == "two"
    assert server.calls == [("GET", "keys.example", "/jwks", {})] * 2


def test_a_key_nobody_knows_has_them_read_again_once_a_minute(
    clock: Callable[[float], None],
) -> None:
    keys = HttpsSigningKeys(Server((200, b"one"), (200, b"two")))
    assert keys.of(URL) == "one"
    assert not keys.refresh(URL)
    clock(61)
    assert keys.refresh(URL)
    assert keys.of(URL) == "two"


@pytest.mark.parametrize(
    "failure", [(500, b""), (302, b""), TimeoutError(), HTTPException(), ConnectionError()]
)
def test_keys_that_were_good_are_kept_on_while_the_server_is_down(
    clock: Callable[[float], None], failure: tuple[int, bytes] | Exception
) -> None:
    keys = HttpsSigningKeys(Server((200, b"one"), failure, (200, b"two")))
    assert keys.of(URL) == "one"
    clock(3601)
    assert [keys.of(URL), keys.of(URL)] == ["one", "two"]


def test_a_server_that_never_answered_proves_nothing() -> None:
    with pytest.raises(SourceUnreachableError):
        HttpsSigningKeys(Server((503, b""))).of(URL)


def test_an_answer_that_is_too_long_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "LARGEST_ANSWER", 3)
    assert HttpsSigningKeys(Server((200, b"abcdef"))).of(URL) == "abc"


def test_a_server_that_answers_byte_by_byte_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]

    class Slow(Server):
        def read1(self, limit: int) -> bytes:
            now[0] += https.TIMEOUT_SECONDS - 0.1
            return super().read1(limit)

    monkeypatch.setattr(https, "monotonic", lambda: now[0])
    with pytest.raises(SourceUnreachableError):
        HttpsSigningKeys(Slow((200, b"a" * 1000))).of(URL)
    assert now[0] < 1000 + https.LONGEST_SECONDS + https.TIMEOUT_SECONDS


def test_an_activation_is_a_post_with_what_it_was_given() -> None:
    server = Server((200, b""))
    HttpsActivations(server).call("https://api.example/push/1", {"X-Secret": "s"})
    assert server.calls == [("POST", "api.example", "/push/1", {"X-Secret": "s"})]


def test_an_activation_that_fails_is_to_be_repeated() -> None:
    with pytest.raises(SourceUnreachableError):
        HttpsActivations(Server(TimeoutError())).call("https://api.example/push/1", {})
