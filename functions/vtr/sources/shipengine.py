"""ShipEngine and ShipStation: a tracking with its events, the newest first, signed with RSA.

https://www.shipengine.com/docs/tracking/webhooks/, https://www.shipengine.com/docs/webhooks/

The secrets of this source are the documents found at ``keys_url``, as texts: ShipEngine's keys
are public, and change when it likes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

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
from vtr.sources.shared.rsa import public_keys, require_rsa_signature
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import require_fresh, require_header
from vtr.sources.shared.timestamps import Moment, read_time, read_unix_time
from vtr.sources.shared.zones import can_be_ahead

KEYS_URL = "https://api.shipengine.com/jwks"
_PLACE = ("city_locality", "state_province", "postal_code", "country_code")
_MOST_NUMBERS = 8
_OWN_CODES = ("carrier_detail_code", "carrier_status_code", "event_code")

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> None:
    """Check the signature over timestamp and body by the key that the request names."""
    key_id = require_header(request, "x-shipengine-rsa-sha256-key-id")
    timestamp = require_header(request, "x-shipengine-timestamp")
    signature = require_header(request, "x-shipengine-rsa-sha256-signature")
    require_fresh(read_unix_time(timestamp) or read_time(timestamp), now)
    keys = [keys[key_id] for keys in map(public_keys, secrets) if key_id in keys]
    if not keys:
        raise UnauthenticWebhookError("the key is not among those published")
    message = f"{timestamp}.".encode("utf-8", "surrogateescape") + request.body
    require_rsa_signature(signature, message, keys)


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if "TRACK" not in text(document.get("resource_type") or "API_TRACK").upper():
        return Decoded()
    data = fields(document.get("data")) or document
    number = text(data.get("tracking_number"))
    if not number:
        raise UndecodableError("the body has no tracking_number")
    carrier = first_text(data.get("carrier_code"), _carrier_in(text(document.get("resource_url"))))
    tracked = TrackedNumber(
        source="shipengine",
        carrier=carrier_of("shipengine", carrier, number=number),
        number=number,
        other_numbers=tuple(_other_numbers(data)),
    )
    return collect(_events(tracked, data), _scan)


def _other_numbers(data: Mapping[str, Any]) -> Iterator[str]:
    for other in objects(data.get("alternative_identifiers"))[:_MOST_NUMBERS]:
        if "tracking_number" in text(other.get("type")):
            yield text(other.get("value"))


def _carrier_in(url: str) -> str:
    """Return the carrier that the URL of a tracking names: in its query, once in its path."""
    path, _, query = url.partition("?")
    in_path = path.partition("/tracking/")[2].partition("/")[0]
    return first_text(*parse_qs(query).get("carrier_code", ()), in_path)


def _events(tracked: TrackedNumber, data: Mapping[str, Any]) -> Iterator[Event]:
    for event in rows(data.get("events")) or _state(tracked, data):
        yield tracked, fields(event)


def _state(tracked: TrackedNumber, data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the state of a delivered shipment that lists no events."""
    if tells_something(_judge(tracked.carrier, data)) and data.get("actual_delivery_date"):
        yield {**data, "occurred_at": None, "carrier_occurred_at": data["actual_delivery_date"]}


def _scan(event: Event) -> Scan:
    tracked, row = event
    ours = (text(row.get("status_detail_code")), text(row.get("status_code")))
    return tracked.scan(
        dict.fromkeys((*_own_code(row), *ours)),
        _judge(tracked.carrier, row),
        _moment(row),
        place_of(*map(row.get, _PLACE)),
        wording=_wording(row),
    )


def _own_code(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the carrier's most detailed code, and the letter that is UPS's type of it.

    What only repeats ShipEngine's own codes is none of the carrier's.
    """
    ours = (row.get("status_code"), row.get("status_detail_code"))
    codes = [text(row.get(name)) for name in _OWN_CODES if row.get(name) not in ours]
    letters = [code for code in codes if len(code) == 1]
    return first_text(*(code for code in codes if len(code) > 1), *letters), first_text(*letters)


def _judge(carrier: str, row: Mapping[str, Any]) -> Judgement:
    table = code_table("shipengine")
    code, kind = _own_code(row)
    return weigh(
        carrier=carrier,
        own_code=code,
        own_kind=kind,
        stated=(
            table.get(("detail", text(row.get("status_detail_code")))),
            table.get(("status", text(row.get("status_code")))),
        ),
        description=_wording(row),
    )


def _wording(row: Mapping[str, Any]) -> str:
    return first_text(row.get("description"), row.get("carrier_status_description"))


def _moment(row: Mapping[str, Any]) -> Moment | None:
    """Read ``occurred_at``, unless the carrier's clock says that its zone was not applied.

    ``carrier_occurred_at`` is the clock of the place, also where it ends in "Z". How far apart
    the two are is the zone; where the place cannot have it, the carrier's clock alone is certain.
    """
    occurred = read_time(first_text(row.get("occurred_at"), row.get("event_date")))
    clock = read_time(text(row.get("carrier_occurred_at")), believe_offset=False)
    if not occurred or not clock or occurred.trust is not TimeTrust.OFFSET:
        return occurred or clock
    country, state = text(row.get("country_code")), text(row.get("state_province"))
    return occurred if can_be_ahead(clock.at, occurred.at, country, state) else clock


SOURCE = Source(name="shipengine", verify=verify, decode=decode, keys_url=KEYS_URL)
