"""TrackingMore: a tracking as its origin's and its destination's carriers tell it.

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
from vtr.sources.shared.carrier_codes import carrier_code
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    objects,
    place_of,
    read_object,
    rows,
    text,
)
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
    tracked = TrackedNumber(
        source="trackingmore",
        carrier=_carrier(tracking),
        number=text(tracking.get("tracking_number")),
        reported=read_time(first_text(tracking.get("update_at"), tracking.get("updated_at"))),
    )
    for leg in (fields(tracking.get("origin_info")), fields(tracking.get("destination_info"))):
        for row in rows(leg.get("trackinfo")):
            yield tracked, _carrier(leg), fields(row)


def _carrier(named: Mapping[str, Any]) -> str:
    name = _field(named, "courier_code")
    return carrier_code(name) if name else ""


def _field(row: Mapping[str, Any], name: str) -> str:
    """Return the field that version 4 calls *name*, whatever version wrote it."""
    return first_text(row.get(name), row.get(_BEFORE_VERSION_4[name]))


def _scan(event: Event) -> Scan:
    tracked, reporter, row = event
    substatus = _field(row, "checkpoint_delivery_substatus").lower()
    status = _field(row, "checkpoint_delivery_status").lower()
    town = first_text(row.get("city"), _field(row, "location"))
    description = _field(row, "tracking_detail")
    return tracked.scan(
        (substatus, status),
        _judge(tracked.carrier, reporter, substatus, status, description),
        read_time(_field(row, "checkpoint_date")),
        place_of(town, row.get("state"), row.get("zip"), row.get("country_iso2")),
        wording=description,
    )


def _judge(carrier: str, reporter: str, substatus: str, status: str, description: str) -> Judgement:
    table = code_table("trackingmore")
    return weigh(
        carrier=carrier,
        reporter=reporter,
        stated=(table.get(("substatus", substatus)), table.get(("status", status))),
        description=description,
    )


SOURCE = Source(name="trackingmore", verify=verify, decode=decode)
