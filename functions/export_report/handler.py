"""HTTP: request a report, follow its progress, download it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from export_report.schemas import ReportBody, ReportPath
from vtr.api.app import ApiApp, answer, audit
from vtr.api.powertools import Answer
from vtr.api.presenters.rates import report_document
from vtr.api.schemas.timestamps import moment
from vtr.bootstrap import prepare, services
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.domain.limits import Metered
from vtr.observability import logger, metrics
from vtr.use_cases.authenticate import Caller
from vtr.use_cases.meter_requests import spend
from vtr.use_cases.policy_in_force import days_asked_for
from vtr.use_cases.read_report import read_report, report_url
from vtr.use_cases.request_report import request_report

app = ApiApp()
prepare("keys", "accounts", "allowances", "reports")


@app.operation("POST", "/v1/reports", Scope.REPORT, ReportBody, idempotent=True)
def post_report(caller: Caller, body: ReportBody) -> Answer:
    account = caller.account
    spend(services(), account, Metered.REPORTS, 1, now())
    days = days_asked_for(services(), account, body.from_, body.to, now())
    category = body.category and body.category.strip()
    report = request_report(services(), account, *days, now(), category=category)
    audit("report.requested", report=report.id)
    return answer(report_document(report, now()), 202, {"Location": f"/v1/reports/{report.id}"})


@app.operation("GET", "/v1/reports/<report_id>", Scope.REPORT, ReportPath)
def get_report(caller: Caller, path: ReportPath) -> Answer:
    report = read_report(services(), caller.account, path.report_id, now())
    return answer(report_document(report, now()))


@app.operation("GET", "/v1/reports/<report_id>/document", Scope.REPORT, ReportPath)
def get_document(caller: Caller, path: ReportPath) -> Answer:
    url, expires_at = report_url(services(), caller.account, path.report_id, now())
    audit("report.downloaded", report=path.report_id)
    return answer({"url": url, "expires_at": moment(expires_at)}, 303, {"Location": url})


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
