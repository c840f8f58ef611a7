"""17TRACK: a number with the events of every provider that knows it.

https://api.17track.net/en/doc?version=v2.2
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any

from vtr.domain.scans import Scan, TimeTrust
from vtr.sources.shared.base import Decoded, Source, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_code, carrier_of
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    objects,
    read_object,
    required_fields,
    rows,
    text,
)
from vtr.sources.shared.places import Place, place_of
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_time

_PLACE = ("city", "state", "postal_code", "country")
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
    of the number stands in its ``track_info``, or next to it.
    """
    info = {**data, **fields(data.get("track_info"))}
    latest = {"events": [event] if (event := info.get("latest_event")) else []}
    last_mile, its_number = _last_mile(fields(info.get("misc_info")))
    number = text(data.get("number"))
    for entry in map(fields, rows(fields(info.get("tracking")).get("providers")) or [latest]):
        provider = fields(entry.get("provider"))
        key, name = text(provider.get("key")), text(provider.get("name"))
        key = first_text(key, data.get("carrier"))
        tracked = TrackedNumber(
            source="17track",
            carrier=carrier_of("17track", key, f"17track {key}", name, number=number),
            number=number,
            other_numbers=(its_number,) if its_number else (),
        )
        if its_number and tracked.carrier == last_mile:
            tracked = replace(tracked, number=its_number, other_numbers=(number,))
        for event in rows(entry.get("events")):
            yield tracked, fields(event)


def _last_mile(misc: Mapping[str, Any]) -> tuple[str, str]:
    """Return the carrier that delivers, and the number that it has for the parcel."""
    key, name = text(misc.get("local_key")), text(misc.get("local_provider"))
    return carrier_code("17track", key, name), text(misc.get("local_number"))


def _scan(event: Event) -> Scan:
    tracked, row = event
    sub_status, stage = text(row.get("sub_status")), text(row.get("stage"))
    description = text(row.get("description"))
    address = fields(row.get("address"))
    return tracked.scan(
        (sub_status, stage),
        _judge(tracked.carrier, sub_status, stage, description),
        _moment(row),
        _place(text(row.get("location")), place_of(*map(address.get, _PLACE))),
        wording=description,
    )


def _place(said: str, structured: Place) -> Place:
    return structured._replace(said=said) if said else structured


def _judge(carrier: str, sub_status: str, stage: str, description: str) -> Judgement:
    table = code_table("17track")
    stated = (
        table.get(("sub_status", sub_status)),
        table.get(("stage", stage)) or table.get(("sub_status", stage)),
    )
    return weigh(carrier=carrier, stated=stated, description=description)


def _moment(row: Mapping[str, Any]) -> Moment | None:
    """Read the time in UTC, where 17TRACK could place it, else the carrier's own.

    What the carrier gave as a day stays one, and a clock that came without a zone and reads the
    same in UTC was not converted.
    """
    raw = _raw_moment(fields(row.get("time_raw")))
    if raw and raw.trust is TimeTrust.DATE:
        return raw
    local, utc = read_time(text(row.get("time_iso"))), read_time(text(row.get("time_utc")))
    if local and local.trust is not TimeTrust.OFFSET and utc and utc.at == local.at:
        return local
    return utc or local or raw


def _raw_moment(raw: Mapping[str, Any]) -> Moment | None:
    date, time, zone = (text(raw.get(name)) for name in ("date", "time", "timezone"))
    return read_time(f"{date}T{time}{zone}" if time else date)


SOURCE = Source(name="17track", verify=verify, decode=decode)
