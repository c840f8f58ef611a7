"""Standard Webhooks with a payload of our own: for regional carriers, and for tests.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

The body is described for its senders in ``docs/standard-source.md``, and its schema is ``Delivery``
in the API's description. As the format is ours, the answer says how the body was read: what is left
out of it and what is in doubt, each with the scan's number, the field, its rule and what to send.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from vtr.domain.scans import Milestone, Physical, Scan
from vtr.sources.shared.base import (
    Decoded,
    Response,
    Source,
    UndecodableError,
    UnreadableEventError,
    WebhookRequest,
)
from vtr.sources.shared.carrier_codes import carrier_of, is_known
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.json_fields import (
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
from vtr.sources.shared.timestamps import Moment, read_time, read_unix_time

EVENT_TYPE = "scan.recorded"

LARGEST_TOLD = 256 * 1024
"""Bytes of a body that is read before it is answered; the sender does not wait for a larger one."""

MOST_TOLD = 20
"""How many reasons of a kind an answer has."""

# A clock without its zone may be 14 hours ahead, and the sender's own a little more.
_AHEAD = timedelta(days=1)
_MOST_NUMBERS = 8
_LONGEST_LOCATION = 60
_LONGEST_QUOTE = 60
_PHYSICAL = {**{str(each): each for each in Physical}, "true": Physical.YES, "false": Physical.NO}
_MILESTONES = ", ".join(each for each in Milestone if each is not Milestone.UNKNOWN)
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
    if text(document.get("type")) != EVENT_TYPE:
        given = _quoted(document.get("type"))
        return Decoded(skipped=(f"type: {given} is not read here. Send {EVENT_TYPE!r}",))
    data = required_fields(document.get("data"), "data")
    scans = required_rows(data.get("scans", [data]), "data.scans")
    test = document.get("test") is True
    sent = read_time(text(document.get("timestamp")))
    doubts: list[str] = []

    def scan_of(event: tuple[int, Any]) -> Scan:
        number, row = event
        try:
            scan = _scan(row, sent, test=test)
        except UnreadableEventError as error:
            raise UnreadableEventError(f"scan {number}: {error.detail}") from None
        doubts.extend(f"scan {number}: {doubt}" for doubt in _doubts(row, scan))
        return scan

    return replace(collect(enumerate(scans, 1), scan_of), doubts=tuple(doubts))


def respond(request: WebhookRequest) -> Response:
    """Say how the body was read: it is kept in any case, and a corrected one may follow.

    ``accepted`` is null for a body that is too large to be read at once, and zero for one that
    cannot be read.
    """
    if len(request.body) > LARGEST_TOLD:
        return _answer(None, Decoded())
    try:
        decoded = decode(request.body)
    except UndecodableError as error:
        return _answer(0, Decoded(skipped=(f"{error.detail}. Send {EVENT_TYPE!r} as described",)))
    return _answer(len(decoded.scans), decoded)


def _answer(accepted: int | None, decoded: Decoded) -> Response:
    told = {"skipped": _told(decoded.skipped), "doubts": _told(decoded.doubts)}
    return Response(body=json.dumps({"accepted": accepted, **told}).encode())


def _told(reasons: Sequence[str]) -> list[str]:
    more = len(reasons) - MOST_TOLD
    told = [f"{reason}." for reason in reasons[:MOST_TOLD]]
    return [*told, f"And {more} more."] if more > 0 else told


def _scan(row: object, sent: Moment | None, *, test: bool) -> Scan:
    if not isinstance(row, dict):
        raise UnreadableEventError("must be an object. Send one with the fields of a scan")
    number = text(row.get("tracking_number"))
    tracked = TrackedNumber(
        source="standard",
        carrier=carrier_of("standard", text(row.get("carrier")), number=number),
        number=number,
        other_numbers=tuple(map(text, rows(row.get("other_numbers"))[:_MOST_NUMBERS])),
        unique_id=text(row.get("unique_id")),
        test=test,
    )
    _require_number(tracked, row)
    judgement = _judgement(row)
    codes = (first_text(row.get("code"), judgement.milestone),)
    place = Place(text(row.get("place")), text(row.get("location"))[:_LONGEST_LOCATION].upper())
    return tracked.scan(codes, judgement, _occurred(row, sent), place)


def _require_number(tracked: TrackedNumber, row: Mapping[str, Any]) -> None:
    if not tracked.number:
        given = _quoted(row.get("tracking_number"))
        raise UnreadableEventError(
            f"tracking_number: {given} has no letter and no digit. Send the number on the label"
        )
    if not tracked.carrier:
        raise UnreadableEventError(
            "carrier: is missing, and the number's form names none. Send its code or its name"
        )


def _occurred(row: Mapping[str, Any], sent: Moment | None) -> Moment:
    moment = read_time(text(row.get("occurred_at")))
    if moment is None:
        raise UnreadableEventError(
            f"occurred_at: {_quoted(row.get('occurred_at'))} is no time that can be read. Send one "
            "by ISO 8601, such as 2026-10-21T15:40:00-07:00"
        )
    if sent is not None and moment.at > sent.at + _AHEAD:
        raise UnreadableEventError(
            f"occurred_at: {_quoted(row.get('occurred_at'))} is later than the body's timestamp. "
            "Send a scan once it has happened"
        )
    return moment


def _judgement(row: Mapping[str, Any]) -> Judgement:
    """Judge by the milestone, unless the sender says whether the scan is physical."""
    named = ("milestone", text(row.get("milestone")).lower())
    known = code_table("standard").get(named, UNKNOWN)
    physical = known.physical if row.get("physical") is None else _physical(row["physical"])
    return known._replace(
        physical=physical or Physical.AMBIGUOUS, retracts=text(row.get("retracts"))
    )


def _physical(stated: object) -> Physical | None:
    """Read ``yes``, ``no`` or ``ambiguous``, or JSON's ``true`` and ``false``; else ``None``."""
    word = str(stated) if isinstance(stated, bool) else text(stated)
    return _PHYSICAL.get(word.lower())


def _doubts(row: Mapping[str, Any], scan: Scan) -> Iterator[str]:
    """Yield what of a scan is not understood, though the scan itself is kept."""
    if not is_known("standard", scan.carrier):
        yield (
            f"carrier: no carrier goes by the name {_quoted(row.get('carrier'))}, so no package "
            "is found by it. Send a code of the list of carriers (GET /v1/carriers or vtr carriers)"
        )
    milestone = row.get("milestone")
    if milestone is not None and scan.milestone is Milestone.UNKNOWN:
        yield f"milestone: {_quoted(milestone)} is none of ours. Send {_MILESTONES}"
    if row.get("physical") is not None and _physical(row["physical"]) is None:
        yield f"physical: {_quoted(row['physical'])} proves nothing. Send true, false or ambiguous"
    if milestone is None and row.get("physical") is None:
        yield "milestone: is missing, and physical too, so it proves nothing. Send one of them"


def _quoted(value: object) -> str:
    """Return the beginning of what was sent; a value that is no text is not repeated."""
    return repr(text(value)[:_LONGEST_QUOTE]) if text(value) else "what was sent"


SOURCE = Source(name="standard", verify=verify, decode=decode, respond=respond)
