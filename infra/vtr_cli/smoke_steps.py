"""The steps of ``vtr smoke``: one package of its own account, from its order to its report."""

import io
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import httpx
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException
from standardwebhooks.webhooks import Webhook

from vtr.domain.accounts import Scope, key_id_of
from vtr.domain.errors import VtrError
from vtr.ports import Ports
from vtr.use_cases import manage_keys, manage_sources
from vtr_client.errors import CommandError
from vtr_client.problems import RefusedError
from vtr_client.reports import request_report
from vtr_client.scans import post_scans
from vtr_demo.api_calls import Seller
from vtr_demo.labels import ups

ACCOUNT, SOURCE, POLICY = "smoke", "standard", "amazon-us"
"""One account for all runs: each new one would be reconciled every night, for ever."""
KEY_LIFETIME = timedelta(hours=1)
"""When the key ends by itself, if the command is killed before it revokes it."""

SECRET_SECONDS = 15.0
"""How long functions may not know a new secret: they read theirs again after two seconds."""

RATE_SECONDS = 120.0
"""The promise: a scan is in the rate within two minutes."""

REPORT_SECONDS = 120
POLL_SECONDS = 0.5


class Outcome(StrEnum):
    OK = "ok"
    FAIL = "FAIL"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """How a step ended, after how many seconds, and what to do if it failed."""

    step: str
    outcome: Outcome
    seconds: float = 0.0
    found: str = ""
    to_do: str = ""

    @property
    def document(self) -> dict[str, Any]:
        return asdict(self) | {"outcome": self.outcome.lower()}


@dataclass
class Run:
    """One run, as far as it has come: its order's ``name``, its key, and its source.

    ``valid`` is how many packages counted before this one.
    """

    ports: Ports
    url: str
    by: str
    name: str = field(default_factory=lambda: secrets.token_hex(4))
    secret_seconds: float = SECRET_SECONDS
    rate_seconds: float = RATE_SECONDS
    key: str = ""
    webhook: str = ""
    secret: str = ""
    valid: int = 0

    @property
    def package(self) -> str:
        return f"/v1/orders/{self.name}/packages/1"

    @property
    def number(self) -> str:
        return ups(int(self.name, 16) % 10_000_000).number

    def seller(self) -> Seller:
        return Seller(self.url, self.key)


class Step(NamedTuple):
    """What is tried; ``act`` returns what it found, ``to_do`` says where to look if it fails."""

    name: str
    act: Callable[[Run], str]
    to_do: str


def run_steps(run: Run) -> Iterator[Result]:
    """Yield how each step ended. After a failure the rest is skipped, but for the cleaning up."""
    failed = False
    for step in STEPS:
        if failed and step is not CLEAN_UP:
            yield Result(step.name, Outcome.SKIPPED)
            continue
        result = _try(step, run)
        failed |= result.outcome is Outcome.FAIL
        yield result


def _try(step: Step, run: Run) -> Result:
    began = time.monotonic()
    try:
        found, outcome, to_do = step.act(run), Outcome.OK, ""
    except VtrError as error:
        found, outcome, to_do = error.detail, Outcome.FAIL, step.to_do
    except (CommandError, BotoCoreError, ClientError, PynamoDBException) as error:
        found, outcome, to_do = str(error), Outcome.FAIL, step.to_do
    return Result(step.name, outcome, round(time.monotonic() - began, 1), found, to_do)


def _ask_for_health(run: Run) -> str:
    with Seller(run.url) as anybody:
        anybody.get("/v1/health")
    return run.url


def _make_a_key(run: Run) -> str:
    now = datetime.now(UTC)
    account = manage_keys.open_account(run.ports, ACCOUNT, POLICY)
    scopes = (Scope.SUBMIT, Scope.READ, Scope.REPORT)
    run.key = manage_keys.create_key(
        run.ports, account, scopes, now, now + KEY_LIFETIME, by=run.by, note="smoke test"
    )
    with run.seller() as seller:
        run.valid = _valid(seller)
    return f"account {ACCOUNT}, key {key_id_of(run.key)}"


def _set_a_source_up(run: Run) -> str:
    if run.ports.source_secrets.by_account(SOURCE).get(ACCOUNT):  # of a run that was killed
        manage_sources.remove_source(run.ports, SOURCE, ACCOUNT)
    setup = manage_sources.add_source(run.ports, SOURCE, ACCOUNT)
    run.webhook, run.secret = setup.path, setup.keys[0]
    return f"{SOURCE}, bound to {ACCOUNT}"


def _place_an_order(run: Run) -> str:
    order = {"placed_at": _days_ago(8), "category": "smoke"}
    with run.seller() as seller:
        seller.put(f"/v1/orders/{run.name}", order)
        package = {"carrier": "UPS", "tracking_number": run.number, "ship_date": _days_ago(6)[:10]}
        answer = seller.put(run.package, package)
    return f"order {run.name}, {run.number}: {answer['state']}"


def _report_a_scan(run: Run) -> str:
    scan = {
        "carrier": "ups",
        "tracking_number": run.number,
        "occurred_at": _days_ago(5),
        "milestone": "accepted",
    }

    def accepted() -> bool:
        try:
            post_scans(anybody, Webhook(run.secret), [scan], path=run.webhook)
        except RefusedError as error:
            if error.status != httpx.codes.UNAUTHORIZED:
                raise
            return False
        return True

    with Seller(run.url) as anybody:
        if not _eventually(accepted, run.secret_seconds):
            raise CommandError(f"A scan with the right signature is refused: {SOURCE}.")
    return "accepted, signed per Standard Webhooks"


def _read_the_rate(run: Run) -> str:
    with run.seller() as seller:
        if not _eventually(lambda: _valid(seller) > run.valid, run.rate_seconds):
            state = seller.get(run.package)["state"]
            raise CommandError(
                f"The rate does not count the scan within {run.rate_seconds:.0f} s; the package is "
                f"{state}."
            )
    return f"valid packages: {run.valid + 1}, one more than before"


def _download_a_report(run: Run) -> str:
    with run.seller() as seller:
        job = request_report(seller, {"kind": "tracking"}, REPORT_SECONDS)
        document, target = seller.get(f"/v1/reports/{job['report_id']}/document"), io.BytesIO()
        written = seller.download(document["url"], target)
    if run.number not in target.getvalue().decode():
        raise CommandError(f"The report of {written} bytes does not have the package.")
    return f"packages: {job['rows']}, {written} bytes"


def _clean_up(run: Run) -> str:
    closed = []
    if run.key:
        manage_keys.revoke_key(run.ports, key_id_of(run.key), datetime.now(UTC), by=run.by)
        closed.append(f"the key is revoked, the account {ACCOUNT} stays")
    if run.webhook:
        manage_sources.remove_source(run.ports, SOURCE, ACCOUNT)
        closed.append("the source is removed")
    return ", ".join(closed) or "there was nothing to close"


def _valid(seller: Seller) -> int:
    valid: int = seller.get("/v1/rates")["overall"]["valid"]
    return valid


def _eventually(check: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return found


def _days_ago(days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


_AS_OPERATOR = "assume the stack's OperatorRole; docs/operations.md, Permissions"

CLEAN_UP = Step("everything is closed again", _clean_up, _AS_OPERATOR)
STEPS = (
    Step(
        "the API answers",
        _ask_for_health,
        "read the stack's events, the domain's DNS and the log of DescribeApiFunction",
    ),
    Step("a new key opens it", _make_a_key, f"{_AS_OPERATOR}, and the log of ReadRatesFunction"),
    Step("a source is set up", _set_a_source_up, _AS_OPERATOR),
    Step("an order is placed", _place_an_order, "read the log of SubmitTrackingFunction"),
    Step("a signed scan is accepted", _report_a_scan, "read the log of IngestScansFunction"),
    Step(
        "the rate counts it",
        _read_the_rate,
        "vtr doctor; the logs of RecordScansFunction and RecomputeRatesFunction",
    ),
    Step(
        "a report has it",
        _download_a_report,
        "read the logs of ExportReportFunction and WriteReportFunction",
    ),
    CLEAN_UP,
)
