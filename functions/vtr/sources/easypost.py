"""EasyPost: an event whose result is a tracker with its whole history.

https://docs.easypost.com/docs/trackers, https://docs.easypost.com/docs/webhooks

Events of batches, scan forms and refunds come to the same URL.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from unicodedata import normalize

from vtr.domain.scans import Scan
from vtr.sources.shared.base import Decoded, Source, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_code
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    place_of,
    read_object,
    required_fields,
    rows,
    text,
)
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect, tells_something
from vtr.sources.shared.signatures import hmac_hex, require_header, require_match
from vtr.sources.shared.timestamps import read_time

_PLACE = ("city", "state", "zip", "country")
_CARRIERS = {
    "DHLExpress": "dhl",
    "FedExDefault": "fedex",
    "UPSDAP": "ups",
    "USPSReturns": "usps",
}
_TEST_NUMBERS = "EZ"

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], _now: datetime) -> None:
    """Check the signature over the body; a secret is taken in Unicode's form NFKD."""
    signature = require_header(request, "x-hmac-signature")
    keys = [normalize("NFKD", secret).encode() for secret in secrets if secret]
    expected = [f"hmac-sha256-hex={hmac_hex(key, request.body)}" for key in keys]
    require_match([signature], expected, what="signature")


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if text(document.get("object")) == "Tracker":
        return collect(_events(document, document), _scan)
    result = required_fields(document.get("result"), "result")
    if text(result.get("object") or "Tracker") != "Tracker":
        return Decoded()
    return collect(_events(result, document), _scan)


def _events(tracker: Mapping[str, Any], envelope: Mapping[str, Any]) -> Iterator[Event]:
    number = text(tracker.get("tracking_code"))
    reported = first_text(tracker.get("updated_at"), envelope.get("created_at"))
    tracked = TrackedNumber(
        source="easypost",
        carrier=carrier_code(text(tracker.get("carrier")), _CARRIERS),
        number=number,
        test="test" in (tracker.get("mode"), envelope.get("mode"))
        or number.startswith(_TEST_NUMBERS),
        reported=read_time(reported),
    )
    for detail in rows(tracker.get("tracking_details")) or _state(tracked, tracker):
        yield tracked, fields(detail)


def _state(tracked: TrackedNumber, tracker: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    state = {name: tracker.get(name) for name in ("status", "status_detail")}
    if tells_something(_judge(tracked, state)):
        yield state


def _scan(event: Event) -> Scan:
    tracked, row = event
    codes = (text(row.get(name)) for name in ("carrier_code", "status_detail", "status"))
    location = fields(row.get("tracking_location"))
    return tracked.scan(
        codes,
        _judge(tracked, row),
        read_time(text(row.get("datetime"))),
        place_of(*map(location.get, _PLACE)),
        wording="" if row.get("carrier_code") else text(row.get("message")),
    )


def _judge(tracked: TrackedNumber, row: Mapping[str, Any]) -> Judgement:
    table = code_table("easypost")
    reporter = text(row.get("source"))
    return weigh(
        carrier=tracked.carrier,
        reporter=carrier_code(reporter, _CARRIERS) if reporter else "",
        own_code=text(row.get("carrier_code")),
        stated=(
            table.get(("detail", text(row.get("status_detail")))),
            table.get(("status", text(row.get("status")))),
        ),
        description=text(row.get("message")),
    )


SOURCE = Source(name="easypost", verify=verify, decode=decode)
