"""What sellers send, right in every field; a test says what it changes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vtr.domain.accounts import Scope

UPS = ["1Z999AA10123456784", "1Z5R89390357567127", "1Z879E930346834440", "1Z410E7W0392751591"]
"""Numbers with the right check digit."""

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.astimezone(ZoneInfo("America/Los_Angeles")).date()
SHIPPED = TODAY - timedelta(days=6)
"""Long enough ago that the package is due."""


SECURED = [
    ("PUT", "/v1/orders/114-1", Scope.SUBMIT),
    ("GET", "/v1/orders/114-1", Scope.READ),
    ("POST", "/v1/orders/114-1/cancellation", Scope.SUBMIT),
    ("PUT", "/v1/orders/114-1/packages/1", Scope.SUBMIT),
    ("GET", "/v1/orders/114-1/packages/1", Scope.READ),
    ("POST", "/v1/packages/batch", Scope.SUBMIT),
    ("GET", "/v1/packages", Scope.READ),
    ("GET", "/v1/rates", Scope.READ),
    ("GET", "/v1/rates/history", Scope.READ),
    ("POST", "/v1/reports", Scope.REPORT),
    ("GET", "/v1/reports/5f0c", Scope.REPORT),
    ("GET", "/v1/reports/5f0c/document", Scope.REPORT),
    ("POST", "/v1/tracking-numbers/check", Scope.SUBMIT),
    ("GET", "/v1/carriers", Scope.SUBMIT),
]
"""Every route that wants a key, with the scope that it wants."""


def ago(**how_long: float) -> str:
    return (NOW - timedelta(**how_long)).isoformat()


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).isoformat()


def sent(field: str, value: Any) -> Any:
    """A value as it is sent; a timedelta is a moment or a day so far from now."""
    if not isinstance(value, timedelta):
        return value
    return (NOW + value).isoformat() if field.endswith("_at") else day(value.days)


def an_order(**changes: Any) -> dict[str, Any]:
    order = {
        "placed_at": ago(days=7),
        "category": "electronics",
        "promised_delivery_date": day(1),
        "value": {"amount": "24.90", "currency": "USD"},
        "origin": "US",
        "destination": "US",
    }
    return {**order, **changes}


def a_package(number: str = UPS[0], **changes: Any) -> dict[str, Any]:
    package = {
        "carrier": "UPS",
        "tracking_number": number,
        "ship_date": SHIPPED.isoformat(),
        "order": an_order(),
    }
    return {**package, **changes}


def a_line(order_id: str, number: str = UPS[0], **changes: Any) -> dict[str, Any]:
    return {"order_id": order_id, "package_id": "1", **a_package(number), **changes}


def a_scan(number: str = UPS[0], milestone: str = "accepted", **changes: Any) -> dict[str, Any]:
    scan = {
        "carrier": "ups",
        "tracking_number": number,
        "occurred_at": ago(days=5),
        "milestone": milestone,
    }
    return {**scan, **changes}


def without(document: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != field}
