"""A stand-in for the HTTP API: real HTTP on 127.0.0.1, with answers given by the test."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What goes out: *body* as JSON unless it is bytes."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Request], Answer]


@dataclass
class StubApi:
    """Answers `METHOD path` with the route of that name, and remembers every request."""

    url: str
    routes: dict[str, Route]
    requests: list[Request] = field(default_factory=list)


class Server(ThreadingHTTPServer):
    """A server that does not mind a caller who hangs up."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave standard error to the command that is tested, which shares it."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def stub_api(routes: dict[str, Route]) -> Iterator[StubApi]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            request = Request(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(size),
            )
            api.requests.append(request)
            answer = routes[f"{request.method} {request.path}"](request)
            raw = isinstance(answer.body, bytes)
            content = answer.body if raw else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815  the server looks for these names

        def log_message(self, *_: object) -> None:
            """Keep the test's output to the test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        api = StubApi(url=f"http://127.0.0.1:{server.server_port}", routes=routes)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()


def problem(status: int, detail: str, **fields: Any) -> Answer:
    """Answer with problem details."""
    return Answer(status, {"title": "It cannot be done", "detail": detail, **fields})
