"""The parts of an operation's description."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from vtr.api.problems import STATUS_OF
from vtr.domain.accounts import Scope
from vtr_openapi.inputs import Once

INTERNAL_ERROR = "internal_error"
ONCE_CODES = ("invalid_idempotency_key", "idempotency_key_in_flight", "idempotency_key_reused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body: one of these structs as JSON, or a text of another media type."""

    kinds: tuple[type[Struct], ...]
    example: Any
    required: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    ``answers`` gives each status its struct, several of them, or None for a response without a
    document; ``codes`` are the errors that the operation can return. ``sample`` is the query of
    its curl example.
    """

    id: str
    route: str
    tag: str
    summary: str
    description: str
    sample: str = ""
    scope: Scope | None = None
    path: type[Struct] | None = None
    query: type[Struct] | None = None
    headers: type[Struct] | None = None
    body: Body | None = None
    answers: Mapping[int, "Answer"]
    codes: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def url(self) -> str:
        return self.route.partition(" ")[2]

    @property
    def errors(self) -> dict[int, list[str]]:
        """The error codes by status."""
        found: dict[int, list[str]] = {}
        for code in self._all_codes():
            found.setdefault(STATUS_OF.get(code, 500), []).append(code)
        return dict(sorted(found.items()))

    def _all_codes(self) -> Iterator[str]:
        if self.scope is not None:
            yield from ("unauthenticated", "scope_missing", "too_many_requests", "throttled")
            if self.body is not None:
                yield from ("malformed_json", "body_too_large", "unsupported_media_type")
            yield "invalid_request"
        if self.headers is Once:
            yield from ONCE_CODES
        yield from self.codes
        yield INTERNAL_ERROR


@dataclass(frozen=True, slots=True)
class Answer:
    """A status that is not an error: what it means, and what comes with it.

    ``headers`` always come, ``at_times`` are those that may. ``of`` is the JSON type of a document
    that has no struct.
    """

    meaning: str
    kinds: tuple[type[Struct], ...] = ()
    headers: tuple[str, ...] = ()
    at_times: tuple[str, ...] = ()
    media_type: str = "application/json"
    of: str = ""
