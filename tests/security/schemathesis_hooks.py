"""What schemathesis has to know of this API that no description can tell it."""

import base64
import hashlib
import hmac
import os
import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import requests  # type: ignore[import-untyped, import-not-found, unused-ignore]
import schemathesis  # type: ignore[import-not-found, unused-ignore]

SECRET = os.environ.get("VTR_FUZZ_SECRET", "")
NO_SCHEMA_CAN_SAY = re.compile(
    r"must be at most \d+ days (ago|ahead)"
    r"|must be at most \d+ days before to, and not after it"
    r"|must be within \d+ days after the order was placed"
    r"|must be in the years \d+ to \d+"
    r"|must not be in the future"
    r"|must not be before the order( was placed)?"
)
DAYS = ("ship_date", "promised_delivery_date", "from", "to")
MOMENTS = ("placed_at", "confirmed_at", "cancelled_at")


class SignedAsStandard(requests.auth.AuthBase):  # type: ignore[misc, unused-ignore]
    """Sign a delivery as its source would, so that what lies behind the signature is reached."""

    def __call__(self, request: Any) -> Any:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        signed_at = str(int(time.time()))
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        mac = hmac.digest(key, f"msg.{signed_at}.".encode() + content, hashlib.sha256)
        request.headers["webhook-id"] = "msg"
        request.headers["webhook-timestamp"] = signed_at
        request.headers["webhook-signature"] = f"v1,{base64.b64encode(mac).decode()}"
        return request


def before_call(_: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Sign every other delivery of the source that we have the secret of."""
    if SECRET and case.path == "/v1/webhooks/{source}" and _every_other(case.body):
        case.path_parameters["source"] = "standard"
        kwargs["auth"] = SignedAsStandard()


def map_body(_: Any, body: Any) -> Any:
    """Bring most days and moments into the last weeks: nearly all others are refused at once."""
    if isinstance(body, dict):
        return {name: _lately(name, map_body(_, value)) for name, value in body.items()}
    if isinstance(body, list):
        return [map_body(_, value) for value in body]
    return body


def _lately(name: str, value: Any) -> Any:
    if not isinstance(value, str) or not _every_other((name, value)):
        return value
    try:
        if name in DAYS:
            back = date.fromisoformat(value).toordinal() % 20
            return (datetime.now(UTC).date() - timedelta(days=back)).isoformat()
        if name in MOMENTS:
            back = datetime.fromisoformat(value).second % 20
            then = datetime.now(UTC) - timedelta(days=20, hours=back)
            return then.strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        pass
    return value


def refusals_name_what_no_schema_can_say(_: Any, response: Any, case: Any) -> None:
    """What the description allows is refused for a rule that it could not have stated."""
    if response.status_code != 422 or not case.meta.generation.mode.is_positive:
        return
    for error in response.json().get("errors", ()):
        assert NO_SCHEMA_CAN_SAY.fullmatch(error["rule"].partition(" (")[0]), error


def _every_other(value: Any) -> bool:
    """Half of all values, and the same half whenever a case is run again."""
    return hashlib.sha256(repr(value).encode("utf-8", "replace")).digest()[0] % 2 == 0


schemathesis.hook(before_call)
schemathesis.hook(map_body)
schemathesis.check(refusals_name_what_no_schema_can_say)
