"""Examples of requests; the examples of responses follow from them."""

from typing import Any

ORDER, NUMBER = "114-3941689-8772232", "1Z999AA10123456784"

ORDER_BODY = {
    "placed_at": "2026-10-20T18:04:00Z",
    "category": "electronics",
    "promised_delivery_date": "2026-10-27",
    "value": {"amount": "24.90", "currency": "USD"},
    "origin": "US",
    "destination": "US",
}
PACKAGE_BODY = {
    "carrier": "UPS",
    "tracking_number": NUMBER,
    "ship_date": "2026-10-21",
    "order": {"placed_at": "2026-10-20T18:04:00Z", "category": "electronics"},
}
CANCELLATION_BODY = {"cancelled_at": "2026-10-22T07:15:00Z"}
BATCH_BODY: dict[str, Any] = {
    "packages": [
        {"order_id": ORDER, "package_id": "1", **PACKAGE_BODY},
        {
            "order_id": "114-3941689-8772233",
            "package_id": "1",
            "carrier": "USPS",
            "tracking_number": "9400111202555842332669",
            "ship_date": "2026-10-21",
        },
    ]
}
BATCH_FILE = (
    "order-id\tpackage-id\tship-date\tcarrier-name\ttracking-number\tplaced-at\tcategory\n"
    f"{ORDER}\t1\t2026-10-21\tUPS\t{NUMBER}\t2026-10-20T18:04:00Z\telectronics\n"
)
NUMBERS_BODY: dict[str, Any] = {"numbers": [{"number": "1Z 999AA1 0123456784", "carrier": "FedEx"}]}
REPORT_BODY = {"from": "2026-10-01", "to": "2026-10-31", "category": "electronics"}
DELIVERY_BODY = {
    "type": "scan.recorded",
    "timestamp": "2026-10-21T22:41:03Z",
    "data": {
        "scans": [
            {
                "carrier": "ups",
                "tracking_number": NUMBER,
                "occurred_at": "2026-10-21T15:40:00-07:00",
                "milestone": "accepted",
                "place": "Ontario, CA, US",
            }
        ]
    },
}
