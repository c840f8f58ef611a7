"""HTTP: what tracking numbers look like, before anything is submitted."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from check_numbers.schemas import NumberBody, NumbersBody
from vtr.domain.accounts import Scope
from vtr.fields import read_fields
from vtr.http import Api, answer
from vtr.numbers import number_document
from vtr.observability import logger, metrics, tracer

app = Api()


@app.post("/v1/tracking-numbers/check")
def post_check() -> Response[str]:
    app.caller(Scope.SUBMIT)
    asked = app.json()
    if isinstance(asked, dict) and "numbers" in asked:
        numbers = read_fields(asked, NumbersBody).numbers
        return answer({"results": [number_document(one.number, one.carrier) for one in numbers]})
    one = read_fields(asked, NumberBody)
    return answer(number_document(one.number, one.carrier))


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
