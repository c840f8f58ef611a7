"""HTTP: ask for a report, follow it, download it."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from export_report.schemas import ReportBody, ReportPath
from vtr.bootstrap import services
from vtr.clock import now
from vtr.documents import moment, report_document
from vtr.domain.accounts import Scope
from vtr.http import Api, answer, path_ids
from vtr.observability import logger, metrics, tracer
from vtr.use_cases.reports import read_report, report_url, request_report
from vtr.use_cases.rules import days_asked_for

app = Api()


@app.post("/v1/reports")
def post_report() -> Response[str]:
    account = app.caller(Scope.REPORT).account
    body = app.fields(ReportBody)
    days = days_asked_for(services(), account, body.from_, body.to, now())
    report = request_report(services(), account, *days, now(), category=body.category)
    return answer(report_document(report), 202, {"Location": f"/v1/reports/{report.id}"})


@app.get("/v1/reports/<report_id>")
def get_report(report_id: str) -> Response[str]:
    account = app.caller(Scope.REPORT).account
    ids = path_ids(ReportPath, report_id=report_id)
    return answer(report_document(read_report(services(), account, ids.report_id)))


@app.get("/v1/reports/<report_id>/document")
def get_document(report_id: str) -> Response[str]:
    account = app.caller(Scope.REPORT).account
    ids = path_ids(ReportPath, report_id=report_id)
    url, expires_at = report_url(services(), account, ids.report_id, now())
    return answer({"url": url, "expires_at": moment(expires_at)}, 303, {"Location": url})


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
