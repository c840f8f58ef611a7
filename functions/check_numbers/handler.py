"""HTTP: check tracking numbers before anything is submitted."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from check_numbers.schemas import NumberBody, NumbersBody
from vtr.api.app import ApiApp, answer
from vtr.api.powertools import Answer
from vtr.api.presenters.numbers import number_document
from vtr.api.validation import read_fields
from vtr.bootstrap import prepare
from vtr.domain.accounts import Scope
from vtr.observability import logger, metrics
from vtr.use_cases.authenticate import Caller

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


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
