"""Errors, by name. Callers distinguish them by ``code``, which never changes."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """An invalid field: the rule that it breaks, and what to send instead.

    ``field`` is a dotted path into the request (``order.placed_at``).
    """

    field: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule}. {self.remedy}"


class VtrError(Exception):
    """The root of every error that this project raises on purpose."""

    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, *problems: FieldProblem) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = problems


class InvalidRequestError(VtrError):
    code = "invalid_request"
    title = "The request has fields that cannot be used"

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(" ".join(str(problem) for problem in problems), *problems)


class MalformedJsonError(VtrError):
    code = "malformed_json"
    title = "The body is not the JSON that this route takes"


class MalformedFileError(VtrError):
    code = "malformed_file"
    title = "The file cannot be read"


class InvalidCursorError(VtrError):
    code = "invalid_cursor"
    title = "The cursor was not made for this request"


class BodyTooLargeError(VtrError):
    code = "body_too_large"
    title = "The body is too large"


class UnsupportedMediaTypeError(VtrError):
    code = "unsupported_media_type"
    title = "The body's media type is not one that this route takes"


class InvalidIdempotencyKeyError(VtrError):
    code = "invalid_idempotency_key"
    title = "The header Idempotency-Key cannot be used"


class IdempotencyKeyInFlightError(VtrError):
    code = "idempotency_key_in_flight"
    title = "A request with this idempotency key is under way"


class IdempotencyKeyReusedError(VtrError):
    code = "idempotency_key_reused"
    title = "The idempotency key belongs to another request"


class TooManyCategoriesError(VtrError):
    code = "too_many_categories"
    title = "The account has as many product categories as it may have"


class TooManyRequestsError(VtrError):
    """``retry_after``: the seconds until the limit resets."""

    code = "too_many_requests"
    title = "The account asks for more than its limit"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ThrottledError(VtrError):
    """The store still throttles after as many attempts as time allows; some may be done by then."""

    code = "throttled"
    title = "The service is busier than it can be for a moment"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__(
            "The store takes no more calls for a moment. Send the request again: what was done of "
            "it is not done twice."
        )


class OutOfTimeError(VtrError):
    """A line of a batch that was not begun, because the request's time was nearly over."""

    code = "out_of_time"
    title = "The time of the request was over before this line"

    def __init__(self) -> None:
        super().__init__(
            "The lines before this one took all the time that a request has, and nothing was done "
            "of it. Send the line again, in a smaller batch."
        )


class UnauthenticatedError(VtrError):
    code = "unauthenticated"
    title = "The key is missing or not valid"


class UnauthenticWebhookError(VtrError):
    """The request does not prove that its source sent it: respond with 401 and keep nothing."""

    code = "unauthentic_webhook"
    title = "The webhook is not signed by its source"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The request does not prove that the source sent it: {reason}. Check the secret, the "
            "URL and the sender's clock."
        )


class ScopeMissingError(VtrError):
    code = "scope_missing"
    title = "The key may not do this"


class OrderNotFoundError(VtrError):
    code = "order_not_found"
    title = "There is no such order"


class OrderEndedError(VtrError):
    """The day that the package, or all of the order, is counted on has ended (``retention``)."""

    code = "order_ended"
    title = "The order is no longer kept"


class PackageNotFoundError(VtrError):
    code = "package_not_found"
    title = "There is no such package"


class ReportNotFoundError(VtrError):
    code = "report_not_found"
    title = "There is no such report"


class UploadGoneError(VtrError):
    """A document's upload was completed or aborted already, or never existed."""

    code = "upload_gone"
    title = "The upload is not there any more"


class ReportNotReadyError(VtrError):
    code = "report_not_ready"
    title = "The report is not ready"


class ReportExpiredError(VtrError):
    code = "report_expired"
    title = "The report's document is not kept any more"


class RouteNotFoundError(VtrError):
    code = "route_not_found"
    title = "There is no such route"


class MethodNotAllowedError(VtrError):
    """``allowed`` are the methods that the route takes."""

    code = "method_not_allowed"
    title = "The route does not take this method"

    def __init__(self, detail: str, allowed: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.allowed = allowed


class SourceNotFoundError(VtrError):
    code = "source_not_found"
    title = "There is no such source of scans"


class CategoryFrozenError(VtrError):
    code = "category_frozen"
    title = "The category of an order never changes"


class DeliveredError(VtrError):
    code = "delivered"
    title = "The carrier has delivered the package"


class OrderBeingErasedError(VtrError):
    code = "order_being_erased"
    title = "The order is being erased"


class OrderFactsMissingError(VtrError):
    code = "order_unknown"
    title = "The order's facts are not known yet"


class TooManyPackagesError(VtrError):
    code = "too_many_packages"
    title = "The order has too many packages"


class OrderFullError(VtrError):
    code = "order_full"
    title = "The order's history has no room left"


class TooManyEditsError(VtrError):
    code = "too_many_edits"
    title = "The package was edited too often"


class KeyNotFoundError(VtrError):
    code = "key_unknown"
    title = "There is no such key"


class KeyEndedError(VtrError):
    code = "key_ended"
    title = "The key is revoked or has expired"


class AccountNotFoundError(VtrError):
    code = "account_unknown"
    title = "There is no such account"


class ConflictError(VtrError):
    """A record changed between reading and writing it; the use cases read again and retry."""

    code = "conflict"
    title = "Somebody else changed this at the same moment"
