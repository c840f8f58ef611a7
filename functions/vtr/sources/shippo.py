"""Shippo: a tracking object with its whole history, signed only for who asks for it.

https://docs.goshippo.com/docs/tracking/webhooks/
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from vtr.domain.scans import Scan
from vtr.sources.shared.base import Decoded, Source, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_of
from vtr.sources.shared.code_tables import Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    read_object,
    required_fields,
    rows,
    text,
)
from vtr.sources.shared.places import place_of
from vtr.sources.shared.precedence import weigh
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import (
    hmac_hex,
    require_fresh,
    require_match,
    require_path_secret,
)
from vtr.sources.shared.timestamps import (
    Moment,
    is_midnight,
    read_time,
    read_unix_time,
    read_unplaced_time,
)

_PLACE = ("city", "state", "zip", "country")
_STATES = frozenset({"tracking_status", "tracking_history"})
_TEST_NUMBERS = "SHIPPO_"

Event = tuple[TrackedNumber, Mapping[str, Any]]


def verify(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> None:
    """Check the signature over timestamp and body; without one, the secret of the URL.

    A subscriber with signing enabled gives no secret of a URL, so a request without a signature is
    refused.
    """
    header = request.header("shippo-auth-signature")
    if not header:
        require_path_secret(request, secrets)
        return
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    timestamp = parts.get("t", "")
    message = f"{timestamp}.".encode("utf-8", "surrogateescape") + request.body
    expected = [hmac_hex(secret.encode(), message) for secret in secrets if secret]
    require_match([parts.get("v1", "")], expected, what="signature")
    require_fresh(read_unix_time(timestamp), now)


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    bare = not _STATES.isdisjoint(document)
    data = document if bare else required_fields(document.get("data"), "data")
    if _STATES.isdisjoint(data):
        return Decoded()
    number, carrier = text(data.get("tracking_number")), text(data.get("carrier"))
    tracked = TrackedNumber(
        source="shippo",
        carrier=carrier_of("shippo", carrier, number=number),
        number=number,
        test=document.get("test") is True
        or data.get("test") is True
        or carrier == "shippo"
        or number.startswith(_TEST_NUMBERS),
    )
    return collect(_events(tracked, data), _scan)


def _events(tracked: TrackedNumber, data: Mapping[str, Any]) -> Iterator[Event]:
    """Yield the history and the present state, which is the newest event of it or a newer one."""
    for row in (*rows(data.get("tracking_history")), data.get("tracking_status")):
        if row:
            yield tracked, fields(row)


def _scan(event: Event) -> Scan:
    tracked, row = event
    substatus, status = _substatus(row), text(row.get("status")).upper()
    location = fields(row.get("location"))
    return tracked.scan(
        (substatus or status, status if substatus else ""),
        _judge(tracked.carrier, row, substatus, status),
        _moment(
            text(row.get("status_date")),
            located=bool(first_text(location.get("city"), location.get("zip"))),
        ),
        place_of(*map(location.get, _PLACE)),
        wording=text(row.get("status_details")),
    )


def _moment(value: str, *, located: bool) -> Moment | None:
    """Read a time. Its "Z" says nothing where no place is known, nor at midnight.

    Shippo fills up days, and sometimes writes local time as UTC.
    """
    moment = read_time(value)
    return moment if located and not is_midnight(moment) else read_unplaced_time(value)


def _substatus(row: Mapping[str, Any]) -> str:
    substatus = row.get("substatus")
    return first_text(fields(substatus).get("code"), substatus).lower()


def _judge(carrier: str, row: Mapping[str, Any], substatus: str, status: str) -> Judgement:
    table = code_table("shippo")
    return weigh(
        carrier=carrier,
        stated=(table.get(("substatus", substatus)), table.get(("status", status))),
        description=text(row.get("status_details")),
    )


SOURCE = Source(name="shippo", verify=verify, decode=decode)
