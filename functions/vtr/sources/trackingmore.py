"""TrackingMore: a tracking as its origin's and its destination's carriers tell it.

https://www.trackingmore.com/docs/trackingmore/webhook

Only the timestamp is signed, so a signature that was seen once signs any body for five minutes:
the URL must carry a secret of its own, and a poll should confirm what is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.base import Decoded, Source, WebhookRequest
from vtr.sources.carriers import carrier_code
from vtr.sources.codes import Judgement, code_table
from vtr.sources.reading import (
    fields,
    first_text,
    place_of,
    read_object,
    required_fields,
    rows,
    text,
)
from vtr.sources.scanning import TrackedNumber, collect
from vtr.sources.signatures import (
    hmac_hex,
    require_fresh,
    require_header,
    require_match,
    require_path_secret,
)
from vtr.sources.texts import text_code
from vtr.sources.times import read_time, read_unix_time
from vtr.sources.weighing import weigh

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
    data = required_fields(read_object(body).get("data"), "data")
    tracked = TrackedNumber(
        source="trackingmore",
        carrier=carrier_code(text(data.get("courier_code"))),
        number=text(data.get("tracking_number")),
        reported=read_time(text(data.get("update_at"))),
    )
    return collect(_events(tracked, data), _scan)


def _events(tracked: TrackedNumber, data: Mapping[str, Any]) -> Iterator[Event]:
    for leg in (fields(data.get("origin_info")), fields(data.get("destination_info"))):
        courier = text(leg.get("courier_code"))
        reporter = carrier_code(courier) if courier else ""
        for row in rows(leg.get("trackinfo")):
            yield tracked, reporter, fields(row)


def _scan(event: Event) -> Scan:
    tracked, reporter, row = event
    substatus = text(row.get("checkpoint_delivery_substatus"))
    status = text(row.get("checkpoint_delivery_status"))
    town = first_text(row.get("city"), row.get("location"))
    description = text(row.get("tracking_detail"))
    return tracked.scan(
        (first_text(substatus, status, text_code(description)), status if substatus else ""),
        _judge(tracked.carrier, reporter, substatus, status, description),
        read_time(text(row.get("checkpoint_date"))),
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
