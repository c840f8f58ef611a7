"""FedEx Advanced Integrated Visibility: signed, unordered, without an id of the event.

https://developer.fedex.com/api/en-us/catalog/webhook/docs.html
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.shared.base import Decoded, Source, UndecodableError, WebhookRequest
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.descriptions import judge_text, text_code
from vtr.sources.shared.json_fields import fields, first_text, read_object, rows, text
from vtr.sources.shared.places import place_of
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import hmac_base64, hmac_hex, require_header, require_match
from vtr.sources.shared.timestamps import read_time

_PLACE = ("city", "stateOrProvinceCode", "postalCode", "countryCode")
# The time that belongs to a state of the whole shipment, where no event is given.
_TIME_OF_STATE = {"DL": "ACTUAL_DELIVERY", "PU": "ACTUAL_PICKUP"}

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Check the signature over the body: base64 by one page of the documents, hex by another."""
    signature = require_header(request, "fdx-signature")
    keys = [secret.encode() for secret in secrets if secret]
    expected = [sign(key, request.body) for key in keys for sign in (hmac_base64, hmac_hex)]
    require_match([signature], expected, what="signature")


def decode(body: bytes) -> Decoded:
    return collect(_events(read_object(body)), _scan)


def _events(document: Mapping[str, Any]) -> Iterator[Event]:
    for asked, result in _track_results(document):
        info = fields(result.get("trackingNumberInfo"))
        tracked = TrackedNumber(
            source="fedex",
            carrier="fedex",
            number=first_text(info.get("trackingNumber"), asked),
            unique_id=text(info.get("trackingNumberUniqueId")),
            other_numbers=tuple(_partner_numbers(result)),
        )
        for event in rows(result.get("scanEvents")) or _state(result):
            yield tracked, fields(event)


def _track_results(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each result with the number asked for; FedEx sends them flat, too."""
    output = fields(document.get("output")) or document
    complete = output.get("completeTrackResults", [output] if "trackResults" in output else None)
    if not isinstance(complete, list):
        raise UndecodableError("the body has no track results")
    for group in map(fields, complete):
        for result in rows(group.get("trackResults")):
            yield text(group.get("trackingNumber")), fields(result)


def _partner_numbers(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers under which a partner carries the same parcel on.

    The other identifiers are references, or numbers of other pieces of the shipment.
    """
    info = fields(result.get("additionalTrackingInfo"))
    for identifier in map(fields, rows(info.get("packageIdentifiers"))):
        if identifier.get("type") == "PARTNER_CARRIER_NUMBER":
            yield from map(text, (identifier.get("value"), *rows(identifier.get("values"))))


def _state(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the state of a shipment that lists no events, if it says when it was reached."""
    latest = fields(result.get("latestStatusDetail"))
    code = first_text(latest.get("code"), latest.get("derivedCode"))
    when = _TIME_OF_STATE.get(code)
    for time in map(fields, rows(result.get("dateAndTimes"))):
        if when and time.get("type") == when and tells_something(_judge(code, "", "")):
            date, place = _day(text(time.get("dateTime"))), latest.get("scanLocation")
            yield {"eventType": code, "date": date, "scanLocation": place}


def _day(value: str) -> str:
    """Return the day alone of a time at midnight: its offset is that of FedEx's hub."""
    return value[: len("2026-11-20")] if "T00:00:00" in value else value


def _scan(event: Event) -> Scan:
    tracked, row = event
    code, derived = (text(row.get(name)).upper() for name in ("eventType", "derivedStatusCode"))
    said = text(row.get("eventDescription"))
    location = fields(row.get("scanLocation"))
    return tracked.scan(
        (
            code or derived or text_code(said),
            derived if code else "",
            text(row.get("exceptionCode")),
        ),
        _judge(code, derived, said),
        read_time(text(row.get("date"))),
        place_of(*map(location.get, _PLACE)),
    )


def _judge(code: str, derived: str, said: str) -> Judgement:
    """Judge by the event's type, and by the wording where no table knows that.

    The status that is derived from the type calls predictions "in transit".
    """
    table = code_table("fedex")
    if code:
        return table.get(("event", code)) or judge_text(said) or UNKNOWN
    judgement = table.get(("event", derived), UNKNOWN)
    if derived != "IT":
        return judgement
    return judge_text(said) or judgement._replace(physical=UNKNOWN.physical)


SOURCE = Source(name="fedex", verify=verify, decode=decode)
