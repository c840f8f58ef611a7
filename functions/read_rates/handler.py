"""HTTP: rates, and the packages behind them."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from read_rates.listing import list_document
from read_rates.schemas import HistoryQuery, PackagesQuery
from vtr.api.app import ApiApp, answer
from vtr.api.powertools import Answer
from vtr.api.presenters.orders import order_document, package_document
from vtr.api.presenters.rates import history_document, rate_document
from vtr.api.types import OrderPath, PackagePath
from vtr.bootstrap import prepare, services
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.observability import logger, metrics
from vtr.use_cases.authenticate import Caller
from vtr.use_cases.read_packages import read_order, read_package
from vtr.use_cases.read_rates import read_history, read_rate

app = ApiApp()
prepare("keys", "accounts", "allowances", "rates", "orders", "packages", "parcels")


@app.operation("GET", "/v1/rates", Scope.READ)
def get_rates(caller: Caller) -> Answer:
    account = caller.account
    return answer(rate_document(account.id, read_rate(services(), account, now())))


@app.operation("GET", "/v1/rates/history", Scope.READ, HistoryQuery)
def get_history(caller: Caller, query: HistoryQuery) -> Answer:
    history = read_history(services(), caller.account, int(query.days), now())
    return answer(history_document(history))


@app.operation("GET", "/v1/orders/<order_id>", Scope.READ, OrderPath)
def get_order(caller: Caller, path: OrderPath) -> Answer:
    return answer(order_document(*read_order(services(), caller.account, path.order_id, now())))


@app.operation("GET", "/v1/orders/<order_id>/packages/<package_id>", Scope.READ, PackagePath)
def get_package(caller: Caller, path: PackagePath) -> Answer:
    order, package = read_package(services(), caller.account, path.order_id, path.package_id, now())
    return answer(package_document(package, order))


@app.operation("GET", "/v1/packages", Scope.READ, PackagesQuery)
def get_packages(caller: Caller, query: PackagesQuery) -> Answer:
    return answer(list_document(services(), caller.account, query, now()))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
