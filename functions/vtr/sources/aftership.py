"""AfterShip: a tracking with all its checkpoints, signed.

https://www.aftership.com/docs/tracking/webhook/webhook-specifications
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
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import hmac_base64, require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_time, read_unix_time

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Check the signature over the body, which leaves nothing to tell a replay by."""
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
    tracked = TrackedNumber(
        source="aftership",
        carrier=carrier_code(text(message.get("slug"))),
        number=text(message.get("tracking_number")),
        reported=reported,
    )
    told = rows(message.get("checkpoints")) or objects(message.get("checkpoint"))
    for checkpoint in told or _state(tracked, message):
        yield tracked, fields(checkpoint)


def _state(tracked: TrackedNumber, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the tag of a tracking without checkpoints: some are delivered all the same."""
    state = {name: message.get(name) for name in ("slug", "tag", "subtag")}
    if tells_something(_judge(tracked, state)):
        delivered = text(message.get("tag")) == "Delivered"
        yield state | {
            "checkpoint_time": message.get("shipment_delivery_date") if delivered else None
        }


def _scan(event: Event) -> Scan:
    tracked, row = event
    codes = (text(row.get(name)) for name in ("subtag", "tag", "raw_tag"))
    country = first_text(row.get("country_region"), row.get("country_iso3"))
    town = first_text(row.get("city"), row.get("location"))
    return tracked.scan(
        codes,
        _judge(tracked, row),
        read_time(text(row.get("checkpoint_time"))),
        place_of(
            town, row.get("state"), first_text(row.get("postal_code"), row.get("zip")), country
        ),
        wording=_wording(row),
    )


def _wording(row: Mapping[str, Any]) -> str:
    return first_text(row.get("message"), row.get("subtag_message"))


def _judge(tracked: TrackedNumber, row: Mapping[str, Any]) -> Judgement:
    table = code_table("aftership")
    slug = text(row.get("slug"))
    return weigh(
        carrier=tracked.carrier,
        reporter=carrier_code(slug) if slug else "",
        own_code=text(row.get("raw_tag")),
        stated=(
            table.get(("subtag", text(row.get("subtag")))),
            table.get(("tag", text(row.get("tag")))),
        ),
        description=_wording(row),
    )


SOURCE = Source(name="aftership", verify=verify, decode=decode)
