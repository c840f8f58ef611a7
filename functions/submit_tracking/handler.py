"""HTTP: orders and packages, as sellers' systems submit them."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from submit_tracking.batch_lines import lines_of
from submit_tracking.confirm import confirm, confirm_lines, order_answer
from submit_tracking.schemas import CancellationBody, OrderBody, PackageBody
from vtr.api.app import ApiApp, answer
from vtr.api.powertools import Answer
from vtr.api.types import OrderPath, PackagePath
from vtr.bootstrap import prepare, services
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.observability import logger, metrics
from vtr.use_cases.authenticate import Caller
from vtr.use_cases.submit import cancel_order, place_order

app = ApiApp()
prepare("keys", "accounts", "allowances", "orders", "parcels", "packages", "recounts")


@app.operation("PUT", "/v1/orders/<order_id>", Scope.SUBMIT, OrderPath, OrderBody, idempotent=True)
def put_order(caller: Caller, path: OrderPath, body: OrderBody) -> Answer:
    placed = place_order(services(), caller.account, path.order_id, body.facts(), now())
    return order_answer("order.placed", placed)


@app.operation(
    *("POST", "/v1/orders/<order_id>/cancellation", Scope.SUBMIT),
    *(OrderPath, CancellationBody),
    idempotent=True,
)
def post_cancellation(caller: Caller, path: OrderPath, body: CancellationBody) -> Answer:
    cancelled_at = body.cancelled_at or now()
    cancelled = cancel_order(services(), caller.account, path.order_id, cancelled_at, now())
    return order_answer("order.cancelled", cancelled)


@app.operation(
    *("PUT", "/v1/orders/<order_id>/packages/<package_id>", Scope.SUBMIT),
    *(PackagePath, PackageBody),
    idempotent=True,
)
def put_package(caller: Caller, path: PackagePath, body: PackageBody) -> Answer:
    submission = body.submission(path.order_id, path.package_id)
    return answer(*confirm(caller, submission, now()))


@app.operation("POST", "/v1/packages/batch", Scope.SUBMIT, idempotent=True)
def post_batch(caller: Caller) -> Answer:
    lines = lines_of(app.body(), app.media_type())
    return confirm_lines(caller, lines, now(), app.seconds_left)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
