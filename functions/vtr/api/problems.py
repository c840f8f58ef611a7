"""Errors as problem details (RFC 9457), and the status that each code has."""

from typing import Any

from vtr.domain.errors import VtrError

PAGE = "https://github.com/vtr/vtr/blob/main/docs/errors.md"
CONTENT_TYPE = "application/problem+json"
REQUEST_ID = "X-Request-Id"
"""The header of every answer that finds its request in the log; the gateway's own id."""

STATUS_OF = {
    "malformed_json": 400,
    "malformed_file": 400,
    "invalid_cursor": 400,
    "invalid_idempotency_key": 400,
    "unauthenticated": 401,
    "unauthentic_webhook": 401,
    "scope_missing": 403,
    "order_not_found": 404,
    "package_not_found": 404,
    "report_not_found": 404,
    "route_not_found": 404,
    "source_not_found": 404,
    "method_not_allowed": 405,
    "category_frozen": 409,
    "delivered": 409,
    "report_not_ready": 409,
    "too_many_edits": 409,
    "order_full": 409,
    "order_being_erased": 409,
    "conflict": 409,
    "idempotency_key_in_flight": 409,
    "report_expired": 410,
    "order_ended": 410,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "invalid_request": 422,
    "order_unknown": 422,
    "too_many_categories": 422,
    "too_many_packages": 422,
    "idempotency_key_reused": 422,
    "too_many_requests": 429,
    "out_of_time": 503,
    "throttled": 503,
}
"""A code that is not listed is our own fault: 500."""


def problem_of(error: VtrError) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": f"{PAGE}#{error.code}",
        "title": error.title,
        "status": STATUS_OF.get(error.code, 500),
        "code": error.code,
        "detail": error.detail,
    }
    if error.problems:
        found["errors"] = [
            {"field": p.field, "rule": p.rule, "remedy": p.remedy} for p in error.problems
        ]
    return found
