"""USPS Subscriptions-Tracking: an envelope whose payload is JSON written as a text.

https://developers.usps.com/subscriptions-trackingv3
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from vtr.domain.errors import UnauthenticWebhookError
from vtr.domain.scans import Scan, TimeTrust
from vtr.sources.shared.base import (
    Decoded,
    Source,
    UndecodableError,
    WebhookRequest,
)
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.descriptions import judge_text
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    read_json,
    read_object,
    rows,
    text,
)
from vtr.sources.shared.places import place_of
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import (
    hmac_base64,
    require_fresh,
    require_match,
    require_path_secret,
)
from vtr.sources.shared.timestamps import Moment, read_offset, read_time

_PLACE = ("eventCity", "eventState", "eventZIP", "eventCountry")
# Made by a computer, not by a scanner; their UTC time is known to be wrong.
_SYSTEM_EVENTS = frozenset({"NT", "TL"})
_FURTHEST_AHEAD = timedelta(hours=12)

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> None:
    """Check the signature over timestamp and payload; without one, the secret of the URL.

    To sign is the subscriber's choice. With it, no secret of a URL is given, so a request
    without a signature is refused.
    """
    signature = request.header("x-hmac")
    if not signature:
        require_path_secret(request, secrets)
        return
    try:
        envelope = read_object(request.body)
    except UndecodableError as error:
        raise UnauthenticWebhookError(error.detail) from None
    timestamp, payload = envelope.get("timestamp"), envelope.get("payload")
    if not isinstance(timestamp, str) or not isinstance(payload, str):
        raise UnauthenticWebhookError("the envelope lacks what is signed")
    message = (timestamp + payload).encode("utf-8", "surrogatepass")
    expected = [hmac_base64(secret.encode(), message) for secret in secrets if secret]
    require_match([signature], expected, what="signature")
    sent = read_time(timestamp)
    require_fresh(sent, now)


def decode(body: bytes) -> Decoded:
    envelope = read_object(body)
    return collect(_events(envelope, read_time(text(envelope.get("timestamp")))), _scan)


def _events(envelope: Mapping[str, Any], reported: Moment | None) -> Iterator[Event]:
    for parcel in map(fields, _parcels(envelope)):
        tracked = TrackedNumber(
            source="usps",
            carrier="usps",
            number=text(parcel.get("trackingNumber")),
            unique_id=first_text(parcel.get("uniqueTrackingId"), parcel.get("uniqueTrackingID")),
            reported=reported,
        )
        for event in rows(parcel.get("trackingEvents")) or _state(parcel):
            yield tracked, fields(event)


def _parcels(envelope: Mapping[str, Any]) -> Sequence[Any]:
    payload = envelope.get("payload", envelope)
    if isinstance(payload, str):
        payload = read_json(payload)
    parcels = payload if isinstance(payload, list) else [payload]
    if not all("trackingNumber" in fields(parcel) for parcel in parcels):
        raise UndecodableError("the payload has no trackingNumber")
    return parcels


def _state(parcel: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the one event of a payload that is one, or a state that says something."""
    if "eventCode" in parcel:
        yield parcel
        return
    category = first_text(parcel.get("statusCategory"), parcel.get("status"))
    if tells_something(_judge("", category, "")):
        yield {"statusCategory": category}


def _scan(event: Event) -> Scan:
    tracked, row = event
    code, category = text(row.get("eventCode")).upper(), text(row.get("statusCategory"))
    said = text(row.get("eventType"))
    return tracked.scan(
        (first_text(code, category, said),),
        _judge(code, category, said),
        _moment(row, code),
        place_of(*map(row.get, _PLACE), home="US"),
    )


def _judge(code: str, category: str, said: str) -> Judgement:
    """Judge by the event's code; by its wording where it has none, or one that no table knows."""
    table = code_table("usps")
    found = table.get(("event", code)) if code else table.get(("category", category))
    return found or judge_text(said) or UNKNOWN


def _moment(row: Mapping[str, Any], code: str) -> Moment | None:
    """Read the GMT time; ``eventTimestamp`` is local, whatever offset it is written with.

    The GMT time often has the local date: what happened in the evening would be a day early.
    Where no offset says so, the GMT time cannot be that far behind the local one.
    """
    gmt = read_time(text(row.get("GMTTimestamp")))
    local = read_time(text(row.get("eventTimestamp")), believe_offset=False)
    if not gmt or code in _SYSTEM_EVENTS:
        return local or gmt
    offset = read_offset(text(row.get("GMTOffset")))
    if local is None:
        early = timedelta()
    elif offset is not None:
        early = local.at - offset - gmt.at
    else:
        early = timedelta(days=1) if local.at - gmt.at > _FURTHEST_AHEAD else timedelta()
    return Moment(gmt.at + timedelta(days=round(early / timedelta(days=1))), TimeTrust.OFFSET)


SOURCE = Source(name="usps", verify=verify, decode=decode)
