"""HTTP: what a seller can ask before anything is submitted: carriers, and whose a number is."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from check_numbers.schemas import CarriersQuery, NumberBody, NumbersBody
from vtr.api.app import ApiApp, answer
from vtr.api.powertools import Answer
from vtr.api.presenters.carriers import carriers_document
from vtr.api.presenters.numbers import number_document
from vtr.api.validation import read_fields
from vtr.bootstrap import prepare
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.observability import logger, metrics
from vtr.use_cases.authenticate import Caller
from vtr.use_cases.list_carriers import list_carriers

KEPT = {"Cache-Control": "private, max-age=3600", "Vary": "Authorization, Accept-Encoding"}
"""The table changes with a release, and what is supported with a day of the policy."""

app = ApiApp()
prepare("keys", "accounts", "allowances")


@app.operation("POST", "/v1/tracking-numbers/check", Scope.SUBMIT)
def post_check(_: Caller) -> Answer:
    asked = app.json()
    if isinstance(asked, dict) and "numbers" in asked:
        numbers = read_fields(asked, NumbersBody).numbers
        return answer({"results": [number_document(one.number, one.carrier) for one in numbers]})
    one = read_fields(asked, NumberBody)
    return answer(number_document(one.number, one.carrier))


@app.operation("GET", "/v1/carriers", Scope.SUBMIT, CarriersQuery)
def get_carriers(caller: Caller, query: CarriersQuery) -> Answer:
    listed = list_carriers(caller.account, query.q, now())
    return answer(carriers_document(listed), headers=KEPT, compress=True)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
