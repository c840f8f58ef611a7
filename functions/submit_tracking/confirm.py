"""Confirm packages for a caller: one, or line by line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
from aws_lambda_powertools.metrics import MetricUnit

from submit_tracking.schemas import LineBody
from vtr.api.app import answer, audit, log_failure
from vtr.api.powertools import Answer
from vtr.api.presenters.orders import order_document, package_document
from vtr.api.problems import problem_of
from vtr.api.schemas.orders import BatchResult, LineResult, Package
from vtr.api.schemas.problems import Problem
from vtr.api.validation import read_fields
from vtr.bootstrap import services
from vtr.domain.accounts import Scope, require_scope
from vtr.domain.errors import OutOfTimeError, ThrottledError, VtrError
from vtr.domain.limits import Metered
from vtr.domain.submissions import Submission
from vtr.observability import metrics
from vtr.use_cases.authenticate import Caller
from vtr.use_cases.meter_requests import spend
from vtr.use_cases.submit import Submitted, confirm_package

RESERVE_SECONDS = 13.0
"""Time enough for a line in which a call to the store fails with all its attempts."""


def confirm(caller: Caller, submission: Submission, now: datetime) -> tuple[Package, int]:
    """Confirm a package; return its document, with 201 if it is new.

    The time of confirmation decides whether it came before delivery, so only the marketplace's
    own systems may state a time other than now.
    """
    if submission.confirmed_at is not None:
        require_scope(caller.key, Scope.OPERATE)
    submitted = confirm_package(services(), caller.account, submission, now)
    metrics.add_metric(name="PackageSubmitted", unit=MetricUnit.Count, value=1)
    audit("package.confirmed", order=submission.order_id, package=submission.package_id)
    package = submitted.packages[submission.package_id]
    return package_document(package, submitted.order), 201 if submitted.created else 200


def order_answer(action: str, submitted: Submitted) -> Answer:
    """Audit the action; return the order's document, with 201 if it is new."""
    audit(action, order=submitted.order.order_id)
    document = order_document(submitted.order, submitted.packages)
    return answer(document, 201 if submitted.created else 200)


def confirm_lines(
    caller: Caller, lines: Sequence[Any], now: datetime, seconds_left: Callable[[], float]
) -> Answer:
    """Confirm line by line; a line that is unusable, or fails, does not stop the others.

    No line is begun when fewer than ``RESERVE_SECONDS`` are left: its answer would be lost, and
    those of the lines before it too. An answer with lines to send again says so in ``Retry-After``.
    """
    spend(services(), caller.account, Metered.LINES, len(lines), now)
    results = [
        _confirm_line(caller, number, line, now)
        if seconds_left() >= RESERVE_SECONDS
        else _rejected(number, OutOfTimeError(), _ids_of(line))
        for number, line in enumerate(lines, 1)
    ]
    rejected = sum(result.problem is not msgspec.UNSET for result in results)
    result = BatchResult(accepted=len(results) - rejected, rejected=rejected, results=results)
    again = any(each.status >= HTTPStatus.INTERNAL_SERVER_ERROR for each in results)
    return answer(result, headers={"Retry-After": str(ThrottledError.retry_after)} if again else {})


def _confirm_line(caller: Caller, number: int, line: Any, now: datetime) -> LineResult:
    ids = _ids_of(line)
    try:
        body = read_fields(line, LineBody)
        package, status = confirm(caller, body.submission(body.order_id, body.package_id), now)
    except ThrottledError as error:
        log_failure(error)
        return _rejected(number, error, ids)
    except VtrError as error:
        return _rejected(number, error, ids)
    except Exception as error:  # noqa: BLE001 - the edge: the lines after it are good
        log_failure(error)
        failed = VtrError("The line failed on our side. Send it again, with the same content.")
        return _rejected(number, failed, ids)
    return LineResult(line=number, status=status, package=package, **ids)


def _rejected(number: int, error: VtrError, ids: dict[str, Any]) -> LineResult:
    problem = msgspec.convert(problem_of(error), Problem)
    return LineResult(line=number, status=problem.status, problem=problem, **ids)


def _ids_of(line: Any) -> dict[str, Any]:
    """Return the ids that a line has, so that the sender can find it."""
    if not isinstance(line, Mapping):
        return {}
    ids = {name: line.get(name) for name in ("order_id", "package_id")}
    return {name: value if isinstance(value, str) else None for name, value in ids.items()}
