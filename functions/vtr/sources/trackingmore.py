"""TrackingMore: a tracking as its origin's and its destination's carriers report it.

https://www.trackingmore.com/docs/trackingmore/webhook

Only the timestamp is signed, so a signature that was seen once signs any body for five minutes:
the URL must carry a secret of its own, and a poll should confirm what is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.shared.base import Decoded, Source, UndecodableError, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_of, reporter_code, scanned_by
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
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import (
    hmac_hex,
    require_fresh,
    require_header,
    require_match,
    require_path_secret,
)
from vtr.sources.shared.timestamps import read_time, read_unix_time

_BEFORE_VERSION_4 = {
    "courier_code": "carrier_code",
    "checkpoint_date": "Date",
    "checkpoint_delivery_status": "checkpoint_status",
    "checkpoint_delivery_substatus": "substatus",
    "tracking_detail": "StatusDescription",
    "location": "Details",
}

_PLACE = ("city", "state", "zip", "country_iso2")

Event = tuple[TrackedNumber, str, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> None:
    """Check the secret of the URL, and the timestamp's signature by another of the secrets."""
    require_path_secret(request, secrets)
    timestamp = require_header(request, "timestamp")
    keys = [secret.encode() for secret in secrets if secret and secret != request.path_secret]
    message = timestamp.encode("utf-8", "surrogateescape")
    expected = [hmac_hex(key, message) for key in keys]
    require_match([require_header(request, "signature")], expected, what="signature")
    require_fresh(read_unix_time(timestamp), now)


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    data = document.get("data")
    trackings = objects(fields(data).get("items") or data or document)
    if not any("tracking_number" in tracking for tracking in trackings):
        raise UndecodableError("the body has no tracking_number")
    return collect(chain.from_iterable(map(_events, trackings)), _scan)


def _events(tracking: Mapping[str, Any]) -> Iterator[Event]:
    number, asked = text(tracking.get("tracking_number")), _field(tracking, "courier_code")
    last_mile = text(tracking.get("destination_track_number"))
    tracked = TrackedNumber(
        source="trackingmore",
        carrier=carrier_of("trackingmore", asked, number=number),
        number=number,
        other_numbers=(last_mile,) if last_mile else (),
        reported=read_time(first_text(tracking.get("update_at"), tracking.get("updated_at"))),
    )
    for name, leg_number in (("origin_info", ""), ("destination_info", last_mile)):
        leg = fields(tracking.get(name))
        reporter = reporter_code("trackingmore", _field(leg, "courier_code"), asked)
        told = tracked.by(scanned_by(tracked.carrier, reporter), leg_number)
        for row in rows(leg.get("trackinfo")):
            yield told, reporter, fields(row)


def _field(row: Mapping[str, Any], name: str) -> str:
    """Return the field that version 4 calls *name*, whatever version wrote it."""
    return first_text(row.get(name), row.get(_BEFORE_VERSION_4[name]))


def _scan(event: Event) -> Scan:
    tracked, reporter, row = event
    substatus = _field(row, "checkpoint_delivery_substatus").lower()
    status = _field(row, "checkpoint_delivery_status").lower()
    place = map(row.get, _PLACE)
    description = _field(row, "tracking_detail")
    return tracked.scan(
        (substatus, status),
        _judge(reporter or tracked.carrier, substatus, status, description),
        read_time(_field(row, "checkpoint_date")),
        place_of(*place, free=_field(row, "location")),
        wording=description,
    )


def _judge(carrier: str, substatus: str, status: str, description: str) -> Judgement:
    table = code_table("trackingmore")
    return weigh(
        carrier=carrier,
        stated=(table.get(("substatus", substatus)), table.get(("status", status))),
        description=description,
    )


SOURCE = Source(name="trackingmore", verify=verify, decode=decode)
