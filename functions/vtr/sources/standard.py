"""Standard Webhooks with a payload of our own: for regional carriers, and for tests.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

The body is ``{"type": "scan.recorded", "timestamp": …, "data": {"scans": [{…}, …]}}``; ``data`` may
also be one scan. A scan has ``carrier`` (our code or any name of it), ``tracking_number``,
``occurred_at`` (ISO 8601, with its offset if that is known), and if they are known ``code``,
``milestone``, ``physical`` (else judged by the milestone), ``place``, ``location`` (country and
postal code, else city and state), ``other_numbers`` (of the same parcel, at most four),
``unique_id`` and ``retracts``. With ``"test": true`` next to ``type`` nothing counts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from vtr.domain.scans import Physical, Scan
from vtr.sources.shared.base import Decoded, Source, WebhookRequest
from vtr.sources.shared.carrier_codes import carrier_of
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.json_fields import (
    fields,
    first_text,
    read_object,
    required_fields,
    required_rows,
    rows,
    text,
)
from vtr.sources.shared.places import Place
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import (
    decode_base64,
    hmac_base64,
    require_fresh,
    require_header,
    require_match,
)
from vtr.sources.shared.timestamps import read_time, read_unix_time

_MOST_NUMBERS = 8
_LONGEST_LOCATION = 60
_SECRET_PREFIX = "whsec_"  # noqa: S105 the mark of a secret, not one


def verify(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> None:
    """Check the signature over id, timestamp and body, and the timestamp's age.

    Done here rather than by the ``standardwebhooks`` library, which takes the body for UTF-8 and
    *now* from the clock, and fails on malformed headers with errors of any kind.
    """
    message_id = require_header(request, "webhook-id")
    timestamp = require_header(request, "webhook-timestamp")
    signatures = require_header(request, "webhook-signature").split()
    require_fresh(read_unix_time(timestamp), now)
    message = f"{message_id}.{timestamp}.".encode("utf-8", "surrogateescape") + request.body
    keys = [decode_base64(secret.removeprefix(_SECRET_PREFIX)) for secret in secrets]
    expected = [f"v1,{hmac_base64(key, message)}" for key in keys if key]
    require_match(signatures, expected, what="signature")


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if text(document.get("type")) != "scan.recorded":
        return Decoded()
    data = required_fields(document.get("data"), "data")
    test = document.get("test") is True
    scans = required_rows(data.get("scans", [data]), "data.scans")
    return collect(((fields(row), test) for row in scans), _scan)


def _scan(event: tuple[Mapping[str, Any], bool]) -> Scan:
    row, test = event
    number = text(row.get("tracking_number"))
    tracked = TrackedNumber(
        source="standard",
        carrier=carrier_of("standard", text(row.get("carrier")), number=number),
        number=number,
        other_numbers=tuple(map(text, rows(row.get("other_numbers"))[:_MOST_NUMBERS])),
        unique_id=text(row.get("unique_id")),
        test=test,
    )
    judgement = _judgement(row)
    codes = (first_text(row.get("code"), judgement.milestone),)
    moment = read_time(text(row.get("occurred_at")))
    place = Place(text(row.get("place")), text(row.get("location"))[:_LONGEST_LOCATION].upper())
    return tracked.scan(codes, judgement, moment, place)


def _judgement(row: Mapping[str, Any]) -> Judgement:
    """Judge by the milestone, unless the sender says whether the scan is physical."""
    known = code_table("standard").get(("milestone", text(row.get("milestone"))), UNKNOWN)
    physical = known.physical if row.get("physical") is None else _physical(row["physical"])
    return known._replace(physical=physical, retracts=text(row.get("retracts")))


def _physical(stated: object) -> Physical:
    try:
        return Physical(text(stated))
    except ValueError:
        return Physical.AMBIGUOUS


SOURCE = Source(name="standard", verify=verify, decode=decode)
