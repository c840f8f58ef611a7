"""UPS Track Alert: one event a request, unsigned.

https://developer.ups.com/tag/UPS-Track-Alert

Version 1 sends back the credential that was given when subscribing; version 2 sends a token that
UPS has fetched from us. UPS does not send an event again: what is refused or missed is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from vtr.domain.errors import UnauthenticWebhookError
from vtr.domain.scans import Scan, TimeTrust
from vtr.sources.shared.base import (
    Decoded,
    Source,
    UndecodableError,
    WebhookRequest,
)
from vtr.sources.shared.json_fields import fields, first_text, read_object, rows, text
from vtr.sources.shared.places import place_of
from vtr.sources.shared.scan_builder import TrackedNumber, collect
from vtr.sources.shared.signatures import hmac_hex, require_header, require_match
from vtr.sources.shared.timestamps import Moment, read_offset, read_time, read_unix_time
from vtr.sources.shared.ups_codes import judge_ups

_TOKEN_LIFETIME = timedelta(hours=1)
_TEST_NUMBERS = "1ZCIETST"
# No place in these countries is ahead of UTC; official samples have a "GMT" that says otherwise.
_WEST_OF_GREENWICH = frozenset({"US", "CA", "MX", "PR", "VI", "BR"})
_FURTHEST_AHEAD = timedelta(hours=14)
_FURTHEST_BEHIND = timedelta(hours=-12)
# The post that delivers SurePost and Mail Innovations parcels has numbers of its own for them.
_POSTAL = "postalNumbers"
_POSTAL_TYPES = "USPS"
_POSTS = frozenset({"usps", "ups_mi"})
_MOST_ALTERNATES = 16


def verify(request: WebhookRequest, secrets: Sequence[str], now: datetime) -> None:
    """Check the credential of version 1, or the token of version 2."""
    credential = request.header("credential")
    if credential:
        require_match([credential], secrets, what="credential")
        return
    scheme, _, token = require_header(request, "authorization").partition(" ")
    expires = token.partition(".")[0]
    require_match([token], [_token(each, expires) for each in secrets if each], what="token")
    expiry = read_unix_time(expires)
    if scheme.lower() != "bearer" or expiry is None or expiry.at < now:
        raise UnauthenticWebhookError("the token has expired")


def issue_token(secret: str, now: datetime) -> tuple[str, timedelta]:
    """Return a token for UPS to send its events with, and how long it is good for.

    Who asks for one must have proved to know the *secret*. Nothing is stored: a token carries its
    expiry, signed with the secret, and dies with it.
    """
    return _token(secret, str(int((now + _TOKEN_LIFETIME).timestamp()))), _TOKEN_LIFETIME


def _token(secret: str, expires: str) -> str:
    message = f"ups-token.{expires}".encode("utf-8", "surrogateescape")
    return f"{expires}.{hmac_hex(secret.encode(), message)}"


def decode(body: bytes) -> Decoded:
    document = read_object(body)
    if "trackResponse" in document:
        return collect(_answered(fields(document["trackResponse"])), _scan)
    if not text(document.get("trackingNumber")):
        raise UndecodableError("the body has no trackingNumber")
    return collect([document], _scan)


def _answered(response: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what UPS answers to who asks for a number, in the form of what it sends unasked."""
    for shipment in map(fields, rows(response.get("shipment"))):
        for package in map(fields, rows(shipment.get("package"))):
            number = first_text(package.get("trackingNumber"), shipment.get("inquiryNumber"))
            postal = tuple(_postal_numbers(shipment, package))
            for activity in map(fields, rows(package.get("activity"))):
                yield {"trackingNumber": number, _POSTAL: postal, **_as_sent(activity)}


def _postal_numbers(shipment: Mapping[str, Any], package: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers that the post, which delivers it, has for the same parcel.

    The number asked for may be one; it is of the parcel only if the shipment has no other. The
    alternates hold references too, and the numbers of other pieces.
    """
    for entry in map(fields, rows(package.get("alternateTrackingNumber"))[:_MOST_ALTERNATES]):
        of_the_post = text(entry.get("type")).upper().startswith(_POSTAL_TYPES)
        if of_the_post and _is_postal(entry.get("number")):
            yield text(entry.get("number"))
    if len(rows(shipment.get("package"))) == 1 and _is_postal(shipment.get("inquiryNumber")):
        yield text(shipment.get("inquiryNumber"))


def _is_postal(number: object) -> bool:
    digits = text(number)
    if not digits.isdecimal():  # UPS's own begin with 1Z
        return False
    # Hardly ever asked for, and the formats of all carriers take long to import.
    from vtr.sources.shared.number_forms import is_proven  # noqa: PLC0415

    return is_proven(digits, _POSTS)


def _as_sent(activity: Mapping[str, Any]) -> Mapping[str, Any]:
    status = fields(activity.get("status"))
    address = fields(fields(activity.get("location")).get("address"))
    country = first_text(address.get("countryCode"), address.get("country"))
    return {
        "activityStatus": {**status, "descriptionCode": status.get("statusCode")},
        "activityLocation": {**address, "country": country},
        "localActivityDate": activity.get("date"),
        "localActivityTime": activity.get("time"),
        "gmtActivityDate": activity.get("gmtDate"),
        "gmtActivityTime": activity.get("gmtTime"),
        "gmtOffset": activity.get("gmtOffset"),
    }


def _scan(row: Mapping[str, Any]) -> Scan:
    status = fields(row.get("activityStatus"))
    kind, code = text(status.get("type")).upper(), text(status.get("code")).upper()
    description_code = text(status.get("descriptionCode"))
    location = fields(row.get("activityLocation"))
    number = text(row.get("trackingNumber"))
    postal = row.get(_POSTAL)
    tracked = TrackedNumber(
        source="ups",
        carrier="ups",
        number=number,
        other_numbers=postal if isinstance(postal, tuple) else (),
        test=number.startswith(_TEST_NUMBERS),
    )
    return tracked.scan(
        (code or kind, kind, description_code),
        judge_ups(kind, code, description_code, text(status.get("description"))),
        _moment(row, text(location.get("country"))),
        place_of(
            *(location.get(part) for part in ("city", "stateProvince", "postalCode", "country"))
        ),
    )


def _moment(row: Mapping[str, Any], country: str) -> Moment | None:
    """Read the GMT time, unless it cannot be one; then the local time with its offset, if any."""
    local, gmt = _clock(row, "local"), _clock(row, "gmt")
    if gmt and (not local or _plausible(local.at - gmt.at, country)):
        return gmt._replace(trust=TimeTrust.OFFSET) if _has_hour(row, "gmt") else gmt
    offset = read_offset(text(row.get("gmtOffset")))
    if local and offset is not None and _has_hour(row, "local"):
        return Moment(local.at - offset, TimeTrust.OFFSET)
    return local


def _has_hour(row: Mapping[str, Any], zone: str) -> bool:
    return bool(text(row.get(f"{zone}ActivityTime")))


def _clock(row: Mapping[str, Any], zone: str) -> Moment | None:
    """Read ``20240423`` and ``091519``; a time of day may lack its leading zero, or have colons."""
    date, time = (
        text(row.get(f"{zone}Activity{part}")).replace(":", "") for part in ("Date", "Time")
    )
    return read_time(f"{date}T{time.zfill(6)}" if time else date)


def _plausible(ahead: timedelta, country: str) -> bool:
    furthest = timedelta() if country in _WEST_OF_GREENWICH else _FURTHEST_AHEAD
    return _FURTHEST_BEHIND <= ahead <= furthest


SOURCE = Source(name="ups", verify=verify, decode=decode)
