"""DHL: the Unified Push of all divisions, and the webhooks of DHL eCommerce Americas.

https://developer.dhl.com/api-reference/shipment-tracking-unified-push
https://developer.dhl.com/api-reference/tracking-webhooks-dhl-ecommerce-americas

A new subscription sends ``subscription.validate``, and events only once it has been activated.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.shared.base import (
    Activation,
    Decoded,
    Response,
    Source,
    SourceError,
    UndecodableError,
    WebhookRequest,
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
from vtr.sources.shared.places import Place, place_of
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import require_match
from vtr.sources.shared.timestamps import Moment, read_time, read_unplaced_time

# Anybody can write an address into a handshake: DHL's own is the only one to be called.
_SUBSCRIPTIONS = "https://api-eu.dhl.com/tracking/push/"
_CARRIERS = {
    "ecommerce": "dhl_ecommerce",
    "ecommerce-apac": "dhl_ecommerce_asia",
    "ecommerce-europe": "dhl_ecommerce_europe",
    "dgf": "dhl_dgf",
    "freight": "dhl_freight",
    "parcel-de": "dhl_de",
    "parcel-nl": "dhl_parcel_nl",
    "parcel-pl": "dhl_pl",
    "parcel-uk": "dhl_parcel_uk",
    "post-de": "deutsche_post",
    "svb": "deutsche_post",
}
# Codes of DHL Parcel NL that go on with the reason: the beginning is what is judged.
_CODE_GROUPS = ("NOTHING_PICKED_UP", "INTERVENTION", "PREPROCESS", "PARCEL_SORTED")
_UTC_OFFSETS = {"EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00"} | {
    "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "GMT": "Z", "UTC": "Z"
}  # fmt: skip
_DELETES_THE_EVENT_BEFORE = "STORN"
_IDS = ("trackingId", "dhlPackageId")  # packageId is the merchant's own

Event = tuple[TrackedNumber, str, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Look for a secret in the URL, or in the header that the subscriber has chosen for it."""
    require_match([request.path_secret, *request.headers.values()], secrets, what="secret")


def respond(request: WebhookRequest) -> Response:
    """Answer a handshake with the secret that it sends."""
    _, secret = _handshake(request)
    return Response(body=json.dumps({"secret": secret}).encode()) if secret else Response()


def activation(request: WebhookRequest) -> Activation | None:
    address, secret = _handshake(request)
    if not secret or not address.startswith(_SUBSCRIPTIONS):
        return None
    return Activation(url=address, headers={"DHL-Hook-Secret": secret})


def _handshake(request: WebhookRequest) -> tuple[str, str]:
    try:
        document = read_object(request.body)
    except SourceError:
        return "", ""
    if text(document.get("scope")) != "subscription.validate":
        return "", ""
    secret = text(document.get("secret"))
    return text(document.get("self")), secret if secret.isascii() and secret.isprintable() else ""


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if isinstance(document.get("shipments"), list):
        return collect(_pushed(document["shipments"]), _scan)
    if isinstance(document.get("packages"), list):
        return collect(_packages(document["packages"]), _scan)
    if text(document.get("scope")).startswith("subscription."):
        return Decoded()
    raise UndecodableError("the body has neither shipments nor packages")


def _pushed(shipments: Sequence[Any]) -> Iterator[Event]:
    """Yield the events of each shipment, the earliest first; its state where it is none of them."""
    for shipment in map(fields, shipments):
        service = text(shipment.get("service")).lower()
        carrier = _CARRIERS.get(service, "dhl")
        number, pieces = text(shipment.get("id")), _only_piece(fields(shipment.get("details")))
        tracked = TrackedNumber(source="dhl", carrier=carrier, number=number)
        events, state = [*objects(shipment.get("events"))], fields(shipment.get("status"))
        if state and (_clock(state) not in {"", *map(_clock, events)} or not events):
            events.append(state)
        before = ""
        for row in sorted(events, key=_clock):
            piece = _only_piece(row) or pieces
            yield replace(tracked, other_numbers=piece) if piece else tracked, before, row
            before = _own_code(row)


def _only_piece(named: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the number of the one piece that is named: it stands on the label, too."""
    pieces = rows(named.get("pieceIds"))
    return tuple(map(text, pieces)) if len(pieces) == 1 else ()


def _clock(row: Mapping[str, Any]) -> str:
    """Return the second on the clock; a state has it with a "Z" that its event lacks."""
    return text(row.get("timestamp"))[: len("2026-11-20T18:00:00")]


def _packages(packages: Sequence[Any]) -> Iterator[Event]:
    for entry in map(fields, packages):
        package = fields(entry.get("package"))
        ids = tuple(filter(None, map(text, map(package.get, _IDS))))
        tracked = TrackedNumber(
            source="dhl", carrier="dhl_ecommerce", number=first_text(*ids), other_numbers=ids
        )
        for row in rows(entry.get("events")):
            yield tracked, "", fields(row)


def _scan(event: Event) -> Scan:
    tracked, before, row = event
    code, unified = _own_code(row), text(row.get("statusCode")).lower()
    judgement = _judge(tracked.carrier, row, code, unified)
    if code.startswith(_DELETES_THE_EVENT_BEFORE):
        judgement = judgement._replace(retracts=before)
    return tracked.scan(
        (code or unified, unified if code else ""),
        judgement,
        _moment(row),
        _place(row),
        wording="" if code or unified else _wording(row),
    )


def _own_code(row: Mapping[str, Any]) -> str:
    """Return the division's own code of an event: its pair of ICE and RIC, where it has one."""
    ice, ric = text(row.get("ice")).upper(), text(row.get("ric")).upper()
    if ice:
        return f"{ice}/{ric or 'NRQRD'}"
    code = first_text(row.get("primaryEventId"), row.get("typeCode"), row.get("status")).upper()
    return next((group for group in _CODE_GROUPS if code.startswith(group)), code)


def _judge(carrier: str, row: Mapping[str, Any], code: str, unified: str) -> Judgement:
    stated = code_table("dhl").get(("unified", unified))
    return weigh(carrier=carrier, own_code=code, stated=(stated,), description=_wording(row))


def _wording(row: Mapping[str, Any]) -> str:
    names = ("description", "primaryEventDescription", "status")
    return first_text(*map(row.get, names))


def _moment(row: Mapping[str, Any]) -> Moment | None:
    """Read a local time; the "Z" that DHL adds to some, a state's above all, means nothing."""
    timestamp = text(row.get("timestamp"))
    if timestamp:
        return read_unplaced_time(timestamp)
    date, time = text(row.get("date")), text(row.get("time"))
    offset = _UTC_OFFSETS.get(text(row.get("timeZone")).upper(), "")
    return read_time(f"{date}T{time}{offset}" if time else date)


def _place(row: Mapping[str, Any]) -> Place:
    location = row.get("location")
    address = fields(fields(location).get("address"))
    town = address.get("addressLocality")
    code = first_text(address.get("postalCode"), row.get("postalCode"))
    country = first_text(address.get("countryCode"), row.get("country"))
    return place_of(town, "", code, country, free=location)


SOURCE = Source(name="dhl", verify=verify, decode=decode, respond=respond, activation=activation)
