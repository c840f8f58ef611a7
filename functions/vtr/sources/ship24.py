"""Ship24: trackings with their new events, by a shared secret.

https://docs.ship24.com/webhooks/webhook-payload
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vtr.domain.errors import UnauthenticWebhookError
from vtr.domain.scans import Scan, TimeTrust
from vtr.sources.shared.base import (
    Decoded,
    Source,
    UndecodableError,
    WebhookRequest,
)
from vtr.sources.shared.carrier_codes import carrier_of
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import fields, first_text, objects, read_object, rows, text
from vtr.sources.shared.places import Place
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_time

_TEST_NUMBERS = ("S24DEMO", "SHIP24_SAMPLE_")
_MOST_NUMBERS = 8

Event = Mapping[str, Any]
Numbers = tuple[str, ...]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    scheme, _, token = require_header(request, "authorization").partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthenticWebhookError("the authorization is no bearer token")
    require_match([token.strip()], secrets, what="token")


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    data = fields(document.get("data")) or document
    trackings = data.get("trackings")
    if not isinstance(trackings, list):
        if "tracker" not in data:
            raise UndecodableError("the body has no trackings")
        trackings = [data]
    return collect(_events(trackings), _scan)


def _events(trackings: Sequence[Any]) -> Iterator[tuple[Numbers, Event]]:
    for tracking in map(fields, trackings):
        numbers = tuple(_numbers(tracking))
        for event in rows(tracking.get("events")):
            yield numbers, fields(event)


def _numbers(tracking: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers of one shipment: the one that is followed, and those found with it."""
    yield text(fields(tracking.get("tracker")).get("trackingNumber"))
    found = objects(fields(tracking.get("shipment")).get("trackingNumbers"))
    yield from (text(each.get("tn")) for each in found[:_MOST_NUMBERS])


def _scan(event: tuple[Numbers, Event]) -> Scan:
    """Make a scan of the number that the event is about: a shipment can have several."""
    numbers, row = event
    number = first_text(row.get("eventTrackingNumber"), row.get("trackingNumber"), numbers[0])
    tracked = TrackedNumber(
        source="ship24",
        carrier=carrier_of("ship24", _courier(row), number=number),
        number=number,
        other_numbers=numbers,
        test=number.startswith(_TEST_NUMBERS),
    )
    code, milestone = text(row.get("statusCode")), text(row.get("statusMilestone"))
    return tracked.scan(
        (code or milestone, milestone if code else ""),
        _judge(tracked.carrier, row, code, milestone),
        _moment(row),
        Place(text(row.get("location"))),
        wording=text(row.get("status")),
    )


def _courier(row: Event) -> str:
    """Return the name of the carrier, else that of the site where the event was found."""
    codes = row.get("courierCode")
    return first_text(*rows(codes), codes, row.get("sourceCode"))


def _judge(carrier: str, row: Event, code: str, milestone: str) -> Judgement:
    """Judge by the event's code; its milestone is the whole shipment's at that time."""
    table = code_table("ship24")
    return weigh(
        carrier=carrier,
        stated=(table.get(("code", code)), table.get(("milestone", milestone))),
        description=text(row.get("status")),
    )


def _moment(row: Event) -> Moment | None:
    """Read the local time; ``datetime`` is the same one with a "Z" that means nothing."""
    local = first_text(row.get("occurrenceDatetime"), row.get("datetime"))
    if row.get("hasNoTime") is True:
        return read_time(local[: len("2026-11-20")])
    offset = text(row.get("utcOffset"))
    exact = read_time(f"{local.rstrip('Z')}{offset}") if offset else None
    if exact and exact.trust is TimeTrust.OFFSET:
        return exact
    return read_time(local, believe_offset=False)


SOURCE = Source(name="ship24", verify=verify, decode=decode)
