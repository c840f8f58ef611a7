"""What every source of scans has: a way to verify a request and a way to decode its body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from vtr.domain.errors import VtrError
from vtr.domain.scans import Milestone, Physical, Scan


class SourceError(VtrError):
    """A request or a body that a source did not send, or that cannot be read as one of its own."""

    code = "source_error"
    title = "The request is none of this source's"


class UndecodableError(SourceError):
    """The body as a whole cannot be read: keep it, alarm, and answer 2xx all the same."""

    code = "undecodable_body"
    title = "The body cannot be read as one of this source's"


class UnreadableEventError(SourceError):
    """One event of a body cannot be made a scan; the others of the body still can."""

    code = "unreadable_event"
    title = "The event cannot be made a scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """A request as it came in.

    ``headers`` are found whatever the case of their names. ``body`` holds the very bytes that the
    sender signed. ``path_secret`` is the secret that the URL given to the source carries, empty
    where it carries none.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    path_secret: str = ""

    def __post_init__(self) -> None:
        lowered = {name.lower(): value for name, value in self.headers.items()}
        object.__setattr__(self, "headers", MappingProxyType(lowered))

    def header(self, name: str) -> str:
        """Return the header called *name*, or an empty text."""
        return self.headers.get(name.lower(), "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What to answer a request with, once its body is kept."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The call that a source waits for before it sends events: POST to *url*, with *headers*."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The scans of one body, and why each event that is no scan was left out.

    ``doubts`` is what of the scans themselves is not understood, where the source's format says
    what there can be.
    """

    scans: tuple[Scan, ...] = ()
    skipped: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def unknown_codes(self) -> tuple[str, ...]:
        """The scans' codes that no table knows, each as ``carrier:code``.

        A table that knows a code either gives it a milestone or says that it proves nothing.
        """
        return tuple(
            f"{scan.carrier}:{scan.codes[0]}"
            for scan in self.scans
            if scan.milestone is Milestone.UNKNOWN and scan.physical is Physical.AMBIGUOUS
        )

    @property
    def unknown_carriers(self) -> tuple[str, ...]:
        """The carriers that none of our names fits, each as ``source:name``.

        Their scans are kept under the name as the source has it, in the form that codes have.
        """
        named = dict.fromkeys((scan.source, scan.carrier) for scan in self.scans)
        # A carrier that sends its own scans is known, and needs no table of names to say so.
        others = {pair: None for pair in named if not pair[1].startswith(pair[0])}
        if not others:
            return ()
        from vtr.sources.shared.carrier_codes import is_known  # noqa: PLC0415

        return tuple(f"{source}:{code}" for source, code in others if not is_known(source, code))


def answer_ok(_request: WebhookRequest) -> Response:
    return Response()


def needs_no_activation(_request: WebhookRequest) -> Activation | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One carrier or aggregator that sends scans.

    ``verify(request, secrets, now)`` raises ``UnauthenticWebhookError`` unless the source sent
    the request; any of the live *secrets* will do, so that a secret can be rotated.
    ``decode(body)`` raises ``UndecodableError``, and nothing else whatever the bytes are.
    ``respond`` gives the answer that the source wants, and ``activation`` the call that a
    handshake asks for. ``keys_url`` is where a source publishes the keys it signs with: its
    secrets are that document's versions.
    """

    name: str
    verify: Callable[[WebhookRequest, Sequence[str], datetime], None]
    decode: Callable[[bytes], Decoded]
    respond: Callable[[WebhookRequest], Response] = answer_ok
    activation: Callable[[WebhookRequest], Activation | None] = needs_no_activation
    keys_url: str = ""
