"""HTTP: what sellers' systems say of their orders and packages."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from submit_tracking.confirm import confirm, confirm_lines, order_answer
from submit_tracking.lines import lines_of
from submit_tracking.schemas import CancellationBody, OrderBody, OrderPath, PackageBody, PackagePath
from vtr.api.app import Answer, ApiApp, answer, path_ids
from vtr.api.idempotency import once
from vtr.bootstrap import prepare, services
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.observability import logger, metrics
from vtr.use_cases.submit import cancel_order, place_order

app = ApiApp()
prepare("keys", "accounts", "allowances", "orders", "parcels", "packages", "recounts")


@app.put("/v1/orders/<order_id>", middlewares=[once(Scope.SUBMIT)])
def put_order(order_id: str) -> Answer:
    account = app.caller(Scope.SUBMIT).account
    ids = path_ids(OrderPath, order_id=order_id)
    body = app.fields(OrderBody)
    placed = place_order(services(), account, ids.order_id, body.facts(), now())
    return order_answer("order.placed", placed)


@app.post("/v1/orders/<order_id>/cancellation", middlewares=[once(Scope.SUBMIT)])
def post_cancellation(order_id: str) -> Answer:
    account = app.caller(Scope.SUBMIT).account
    ids = path_ids(OrderPath, order_id=order_id)
    cancelled_at = app.fields(CancellationBody).cancelled_at or now()
    cancelled = cancel_order(services(), account, ids.order_id, cancelled_at, now())
    return order_answer("order.cancelled", cancelled)


@app.put("/v1/orders/<order_id>/packages/<package_id>", middlewares=[once(Scope.SUBMIT)])
def put_package(order_id: str, package_id: str) -> Answer:
    caller = app.caller(Scope.SUBMIT)
    ids = path_ids(PackagePath, order_id=order_id, package_id=package_id)
    submission = app.fields(PackageBody).submission(ids.order_id, ids.package_id)
    return answer(*confirm(caller, submission, now()))


@app.post("/v1/packages:batch", middlewares=[once(Scope.SUBMIT)])
def post_batch() -> Answer:
    caller = app.caller(Scope.SUBMIT)
    return answer(confirm_lines(caller, lines_of(app.body(), app.media_type()), now()))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
