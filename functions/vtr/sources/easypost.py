"""EasyPost: an event whose result is a tracker with its whole history.

https://docs.easypost.com/docs/trackers, https://docs.easypost.com/docs/webhooks

Events of batches, scan forms and refunds come to the same URL.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from unicodedata import normalize

from vtr.domain.scans import Milestone, Scan
from vtr.sources.shared.base import Decoded, Source, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_of, reporter_code, scanned_by
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    read_object,
    required_fields,
    rows,
    text,
)
from vtr.sources.shared.places import place_of
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import hmac_hex, require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_time, read_unplaced_time

_PLACE = ("city", "state", "zip", "country")
_TEST_NUMBERS = "EZ"

Event = tuple[TrackedNumber, str, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Check the signature over the body; a secret is taken in Unicode's form NFKD."""
    signature = require_header(request, "x-hmac-signature")
    keys = [normalize("NFKD", secret).encode() for secret in secrets if secret]
    expected = [f"hmac-sha256-hex={hmac_hex(key, request.body)}" for key in keys]
    require_match([signature], expected, what="signature")


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if text(document.get("object")) == "Tracker":
        return collect(_events(document, document), _scan)
    result = required_fields(document.get("result"), "result")
    if text(result.get("object") or "Tracker") != "Tracker":
        return Decoded()
    return collect(_events(result, document), _scan)


def _events(tracker: Mapping[str, Any], envelope: Mapping[str, Any]) -> Iterator[Event]:
    number, asked = text(tracker.get("tracking_code")), text(tracker.get("carrier"))
    reported = first_text(tracker.get("updated_at"), envelope.get("created_at"))
    tracked = TrackedNumber(
        source="easypost",
        carrier=carrier_of("easypost", asked, number=number),
        number=number,
        other_numbers=_other_numbers(tracker),
        test="test" in (tracker.get("mode"), envelope.get("mode"))
        or number.startswith(_TEST_NUMBERS),
        reported=read_time(reported),
    )
    for detail in rows(tracker.get("tracking_details")) or _state(tracked, tracker):
        row = fields(detail)
        reporter = reporter_code("easypost", text(row.get("source")), asked)
        yield tracked.by(scanned_by(tracked.carrier, reporter)), reporter, row


def _other_numbers(tracker: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the carrier's alternate identifier, if a carrier's prefix and check digit prove it."""
    alternate = text(fields(tracker.get("carrier_detail")).get("alternate_identifier"))
    if not alternate:
        return ()
    # Hardly ever asked for, and the formats of all carriers take long to import.
    from vtr.sources.shared.number_forms import is_proven  # noqa: PLC0415

    return (alternate,) if is_proven(alternate) else ()


def _state(tracked: TrackedNumber, tracker: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    state = {name: tracker.get(name) for name in ("status", "status_detail")}
    if tells_something(_judge(tracked.carrier, state)):
        yield state


def _scan(event: Event) -> Scan:
    tracked, reporter, row = event
    codes = (text(row.get(name)) for name in ("carrier_code", "status_detail", "status"))
    location = fields(row.get("tracking_location"))
    return tracked.scan(
        codes,
        _judge(reporter or tracked.carrier, row),
        _moment(text(row.get("datetime")), location),
        place_of(*map(location.get, _PLACE)),
        wording="" if row.get("carrier_code") else text(row.get("message")),
    )


def _moment(value: str, location: Mapping[str, Any]) -> Moment | None:
    """Read a time, which is UTC by default where EasyPost lacks a part of the place."""
    whole = all(map(text, map(location.get, _PLACE)))
    return read_time(value) if whole else read_unplaced_time(value)


def _judge(carrier: str, row: Mapping[str, Any]) -> Judgement:
    """Judge by detail and status; what is delivered has arrived at its destination, too."""
    table = code_table("easypost")
    detail = table.get(("detail", text(row.get("status_detail"))))
    status = table.get(("status", text(row.get("status"))))
    delivered = status is not None and status.milestone is Milestone.DELIVERED
    return weigh(
        carrier=carrier,
        own_code=text(row.get("carrier_code")),
        stated=(status, detail) if delivered else (detail, status),
        description=text(row.get("message")),
    )


SOURCE = Source(name="easypost", verify=verify, decode=decode)
