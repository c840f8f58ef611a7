"""HTTP: rates, and the packages behind them."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from read_rates.listing import list_document
from read_rates.schemas import HistoryQuery, OrderPath, PackagePath, PackagesQuery
from vtr.api.app import Answer, ApiApp, answer, path_ids
from vtr.api.presenters.orders import order_document, package_document
from vtr.api.presenters.rates import history_document, rate_document
from vtr.bootstrap import prepare, services
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.observability import logger, metrics
from vtr.use_cases.read_packages import read_order, read_package
from vtr.use_cases.read_rates import read_history, read_rate

app = ApiApp()
prepare("keys", "accounts", "allowances", "rates", "orders", "packages", "parcels")


@app.get("/v1/rates")
def get_rates() -> Answer:
    account = app.caller(Scope.READ).account
    return answer(rate_document(account.id, read_rate(services(), account, now())))


@app.get("/v1/rates/history")
def get_history() -> Answer:
    account = app.caller(Scope.READ).account
    days = int(app.query(HistoryQuery).days)
    return answer(history_document(read_history(services(), account, days, now())))


@app.get("/v1/orders/<order_id>")
def get_order(order_id: str) -> Answer:
    account = app.caller(Scope.READ).account
    ids = path_ids(OrderPath, order_id=order_id)
    return answer(order_document(*read_order(services(), account, ids.order_id, now())))


@app.get("/v1/orders/<order_id>/packages/<package_id>")
def get_package(order_id: str, package_id: str) -> Answer:
    account = app.caller(Scope.READ).account
    ids = path_ids(PackagePath, order_id=order_id, package_id=package_id)
    order, package = read_package(services(), account, ids.order_id, ids.package_id, now())
    return answer(package_document(package, order))


@app.get("/v1/packages")
def get_packages() -> Answer:
    account = app.caller(Scope.READ).account
    return answer(list_document(services(), account, app.query(PackagesQuery), now()))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
