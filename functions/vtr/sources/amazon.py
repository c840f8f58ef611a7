"""Amazon Shipping: notifications of the Selling Partner API, taken from a queue.

https://developer-docs.amazon.com/amazon-shipping/docs/track-a-shipment-push-notifications

Nothing is sent over HTTP: who may write to the queue is the queue's own policy. Notifications name
their fields by version, so the events are looked for wherever they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vtr.domain.errors import UnauthenticWebhookError
from vtr.domain.scans import Scan
from vtr.sources.shared.base import (
    Decoded,
    Source,
    UndecodableError,
    WebhookRequest,
)
from vtr.sources.shared.carrier_codes import carrier_of
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.json_fields import fields, first_text, read_object, text
from vtr.sources.shared.places import place_of
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.timestamps import Moment, read_time

_TYPES = ("NotificationType", "notificationType", "detail-type")
_NUMBERS = ("trackingId", "trackingNumber", "carrierTrackingId", "packageTrackingId")
_CARRIERS = ("carrierCode", "carrierName", "carrier")
_CODES = ("eventCode", "milestone", "milestoneCode", "milestoneType", "milestoneName")
_TIMES = (
    *("eventTime", "eventDate", "eventTimestamp"),
    *("milestoneTime", "milestoneDate", "milestoneTimestamp"),
    *("timestamp", "time"),
)
_PLACE = ("city", "stateOrRegion", "postalCode", "countryCode")

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(_request: WebhookRequest, _secrets: Sequence[str], _now: datetime) -> None:
    raise UnauthenticWebhookError("this source sends nothing over HTTP")


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if isinstance(document.get("Message"), str):  # as a topic wraps it
        document = read_object(document["Message"])
    found = list(_events(document))
    known = {**fields(document.get("payload")), **document}
    if not found and not _first(known, *_TYPES, *_NUMBERS):
        raise UndecodableError("the body is no notification")
    return collect(found, _scan)


def _events(document: Mapping[str, Any]) -> Iterator[Event]:
    """Yield every object with an event's code, and the number of the innermost object with one.

    An event that is in none belongs to the number of the whole body, if that has but one.
    """
    reported = read_time(_first(document, "EventTime", "eventTime", "time"))
    found = list(_objects(document))
    numbers = {number for _, number, _ in found if number}
    only = numbers.pop() if len(numbers) == 1 else ""
    for node, number, carrier in found:
        if _first(node, *_CODES):
            known = number or only
            tracked = TrackedNumber(
                source="amazon",
                carrier=carrier_of("amazon", carrier or "amazon", number=known),
                number=known,
                reported=reported,
            )
            yield tracked, node


def _objects(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """Yield every object with the number and carrier that it, or the nearest around it, names."""
    waiting: list[tuple[Any, str, str]] = [(document, "", "")]
    while waiting:
        node, number, carrier = waiting.pop()
        if isinstance(node, list):
            waiting.extend((child, number, carrier) for child in reversed(node))
        if not isinstance(node, dict):
            continue
        number = _first(node, *_NUMBERS) or number
        carrier = _first(node, *_CARRIERS) or carrier
        yield node, number, carrier
        waiting.extend((child, number, carrier) for child in reversed(list(node.values())))


def _first(node: Mapping[str, Any], *names: str) -> str:
    return first_text(*map(node.get, names))


def _scan(event: Event) -> Scan:
    tracked, row = event
    code = _first(row, *_CODES)
    location = fields(row.get("location"))
    return tracked.scan((code,), _judge(code), _moment(row), place_of(*map(location.get, _PLACE)))


def _judge(code: str) -> Judgement:
    table = code_table("amazon")
    return table.get(("event", code)) or table.get(("milestone", code), UNKNOWN)


def _moment(row: Mapping[str, Any]) -> Moment | None:
    return next(filter(None, (read_time(text(row.get(name))) for name in _TIMES)), None)


SOURCE = Source(name="amazon", verify=verify, decode=decode)
