"""AfterShip: a tracking with all its checkpoints, signed.

https://www.aftership.com/docs/tracking/webhook/webhook-specifications
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.shared.base import Decoded, Source, UndecodableError, WebhookRequest
from vtr.sources.shared.carrier_codes import (
    carrier_code,
    carrier_of,
    reporter_code,
    scanned_by,
)
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    objects,
    read_object,
    rows,
    text,
)
from vtr.sources.shared.places import place_of
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import hmac_base64, require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_time, read_unix_time

_MOST_MILES = 4
_MILES = ("first_mile", "last_mile", "next_couriers")

Event = tuple[TrackedNumber, str, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Check the signature over the body, by which a replay cannot be recognised."""
    signature = require_header(request, "aftership-hmac-sha256")
    expected = [hmac_base64(secret.encode(), request.body) for secret in secrets if secret]
    require_match([signature], expected, what="signature")


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    trackings = _trackings(document)
    if not trackings:
        raise UndecodableError("the body has no object msg")
    reported = read_unix_time(text(document.get("ts")))
    return collect(chain.from_iterable(_events(each, reported) for each in trackings), _scan)


def _trackings(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what a webhook calls ``msg``; the API answers with the same in ``data``."""
    data = fields(document.get("data"))
    return objects(
        document.get("msg") or data.get("trackings") or data.get("tracking") or document.get("data")
    )


def _events(message: Mapping[str, Any], reported: Moment | None) -> Iterator[Event]:
    slug = _slug(message)
    number, miles = text(message.get("tracking_number")), _miles(message)
    tracked = TrackedNumber(
        source="aftership",
        carrier=carrier_of("aftership", slug, number=number),
        number=number,
        other_numbers=tuple(miles.values()),
        reported=reported,
    )
    told = rows(message.get("checkpoints")) or objects(message.get("checkpoint"))
    for checkpoint in told or _state(tracked, message):
        row = fields(checkpoint)
        reporter = reporter_code("aftership", _slug(row), slug)
        scanner = scanned_by(tracked.carrier, reporter)
        yield tracked.by(scanner, miles.get(scanner, "")), reporter, row


def _slug(named: Mapping[str, Any]) -> str:
    slug = text(named.get("slug"))
    return "" if slug == "unrecognized" else slug


def _miles(message: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the numbers that the carriers of the first and the last mile have for the parcel."""
    miles = (entry for name in _MILES for entry in objects(message.get(name))[:_MOST_MILES])
    return {
        carrier_code("aftership", _slug(mile)): text(mile.get("tracking_number")) for mile in miles
    }


def _state(tracked: TrackedNumber, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the tag of a tracking without checkpoints: some are delivered all the same."""
    state = {name: message.get(name) for name in ("slug", "tag", "subtag")}
    if tells_something(_judge(tracked.carrier, state)):
        delivered = text(message.get("tag")) == "Delivered"
        yield state | {
            "checkpoint_time": message.get("shipment_delivery_date") if delivered else None
        }


def _scan(event: Event) -> Scan:
    tracked, reporter, row = event
    codes = (text(row.get(name)) for name in ("subtag", "tag", "raw_tag"))
    country = first_text(row.get("country_region"), row.get("country_iso3"))
    postal = first_text(row.get("postal_code"), row.get("zip"))
    return tracked.scan(
        codes,
        _judge(reporter or tracked.carrier, row),
        read_time(text(row.get("checkpoint_time"))),
        place_of(row.get("city"), row.get("state"), postal, country, free=row.get("location")),
        wording=_wording(row),
    )


def _wording(row: Mapping[str, Any]) -> str:
    return first_text(row.get("message"), row.get("subtag_message"))


def _judge(carrier: str, row: Mapping[str, Any]) -> Judgement:
    table = code_table("aftership")
    return weigh(
        carrier=carrier,
        own_code=text(row.get("raw_tag")),
        stated=(
            table.get(("subtag", text(row.get("subtag")))),
            table.get(("tag", text(row.get("tag")))),
        ),
        description=_wording(row),
    )


SOURCE = Source(name="aftership", verify=verify, decode=decode)
