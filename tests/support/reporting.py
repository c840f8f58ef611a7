"""A report for the stand-in of the HTTP API."""

from support.stub_api import Answer, Request, Route

CSV = b"order id,package\no-1,1\n"


def reporting(*statuses: str) -> dict[str, Route]:
    """Serve a report that goes through *statuses* as it is asked about."""
    left = list(statuses)

    def document(request: Request) -> Answer:
        url = f"http://{request.headers['host']}/bucket/report.csv"
        return Answer(303, {"url": url, "expires_at": "2026-11-23T09:35:00Z"})

    def progress(_: Request) -> Answer:
        return Answer(200, {"report_id": "r1", "status": left.pop(0), "rows": 1, "bytes": 23})

    return {
        "POST /v1/reports": lambda _: Answer(202, {"report_id": "r1", "status": "queued"}),
        "GET /v1/reports/r1": progress,
        "GET /v1/reports/r1/document": document,
        "GET /bucket/report.csv": lambda _: Answer(200, CSV),
    }
