"""17TRACK: a number with the events of every provider that knows it.

https://api.17track.net/en/doc?version=v2.2
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.shared.base import Decoded, Source, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_code
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    objects,
    place_of,
    read_object,
    required_fields,
    rows,
    text,
)
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_time

_PLACE = ("city", "state", "postal_code", "country")
# The providers' numbers that are certain; the others go by the name beside their number.
_CARRIERS = {
    "3011": "china_post",
    "3041": "canada_post",
    "7041": "dhl_de",
    "11031": "royal_mail",
    "21051": "usps",
    "100001": "dhl",
    "100002": "ups",
    "100003": "fedex",
    "190008": "yunexpress",
    "190012": "yanwen",
    "190094": "4px",
}

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Check the hash of body and key: no HMAC, and no time."""
    sign = require_header(request, "sign")
    expected = [_hash(request.body, secret) for secret in secrets if secret]
    require_match([sign], expected, what="signature")


def _hash(body: bytes, secret: str) -> str:
    return sha256(body + b"/" + secret.encode()).hexdigest()


def decode(body: bytes) -> Decoded:
    data = required_fields(read_object(body).get("data"), "data")
    numbers = objects(data.get("accepted") or data)
    return collect(chain.from_iterable(map(_events, numbers)), _scan)


def _events(data: Mapping[str, Any]) -> Iterator[Event]:
    """Yield the events of a number under the provider that reports them.

    The number's own carrier can be another one: a guess by the form of the number. What is known
    of the number stands in its ``track_info``, or beside it.
    """
    info = {**data, **fields(data.get("track_info"))}
    latest = {"events": [event] if (event := info.get("latest_event")) else []}
    for entry in map(fields, rows(fields(info.get("tracking")).get("providers")) or [latest]):
        provider = fields(entry.get("provider"))
        key, name = text(provider.get("key")), text(provider.get("name"))
        carrier = _carrier(first_text(key, data.get("carrier")), name)
        tracked = TrackedNumber(source="17track", carrier=carrier, number=text(data.get("number")))
        for event in rows(entry.get("events")):
            yield tracked, fields(event)


def _carrier(key: str, name: str) -> str:
    return _CARRIERS.get(key) or carrier_code(name or f"17track {key}")


def _scan(event: Event) -> Scan:
    tracked, row = event
    sub_status, stage = text(row.get("sub_status")), text(row.get("stage"))
    description = text(row.get("description"))
    address = fields(row.get("address"))
    return tracked.scan(
        (sub_status, stage),
        _judge(tracked.carrier, sub_status, stage, description),
        _moment(row),
        text(row.get("location")) or place_of(*map(address.get, _PLACE)),
        wording=description,
    )


def _judge(carrier: str, sub_status: str, stage: str, description: str) -> Judgement:
    table = code_table("17track")
    stated = (
        table.get(("sub_status", sub_status)),
        table.get(("stage", stage)) or table.get(("sub_status", stage)),
    )
    return weigh(carrier=carrier, stated=stated, description=description)


def _moment(row: Mapping[str, Any]) -> Moment | None:
    return (
        read_time(text(row.get("time_utc")))
        or read_time(text(row.get("time_iso")))
        or _raw_moment(fields(row.get("time_raw")))
    )


def _raw_moment(raw: Mapping[str, Any]) -> Moment | None:
    date, time, zone = (text(raw.get(name)) for name in ("date", "time", "timezone"))
    return read_time(f"{date}T{time}{zone}" if time else date)


SOURCE = Source(name="17track", verify=verify, decode=decode)
