"""Every function's environment, an event for each, and the account that they speak of."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.cloud import Cloud
from support.aws import CREDENTIALS, Aws, functions, main_template
from support.events import http_event, scans_body, signed, sqs_event
from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import Scope
from vtr.domain.packages import BucketKey
from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, write_message
from vtr.ports.queues import Recount
from vtr.settings import Settings
from vtr.use_cases.manage_keys import create_key, open_account
from vtr.use_cases.recount import recount
from vtr.use_cases.request_report import request_report
from vtr_local.template import resources

SECRET = "whsec_c2VjcmV0IG9mIHRoZSBzdGFuZGFyZCBzb3VyY2U="
NUMBER = "1Z999AA10123456784"
NOW = datetime.now(UTC).replace(microsecond=0)
SHIPPED = (NOW - timedelta(days=1)).date()
PACKAGE = {
    "carrier": "UPS",
    "tracking_number": NUMBER,
    "ship_date": SHIPPED.isoformat(),
    "order": {"placed_at": (NOW - timedelta(days=2)).isoformat(), "category": "electronics"},
}
SCAN = {
    "carrier": "ups",
    "tracking_number": NUMBER,
    "occurred_at": (NOW - timedelta(hours=3)).isoformat(),
    "milestone": "accepted",
}
PACKAGE_PATH = "/v1/orders/114-1/packages/1"


class Deployed:
    """An account with a key, a source with a secret, and a cloud that has them."""

    def __init__(self, cloud: Cloud | None = None) -> None:
        queues = resources(main_template(), "AWS::SQS::Queue")
        self.aws = Aws({name: f"https://sqs.local/1/{name}" for name, _ in queues})
        self.cloud = cloud or Cloud()
        self.cloud.secrets["vtr/sources/standard"] = json.dumps({"secrets": [SECRET]})
        with credentials():
            self.ports = self.connected(AwsPorts(Settings.from_env(self.aws.environment)))
            self.account = open_account(self.ports, "acme", "amazon-us")
            scopes = (Scope.SUBMIT, Scope.READ, Scope.REPORT)
            self.key = create_key(self.ports, self.account, scopes, NOW)
            recount(self.ports, Recount(BucketKey("acme", SHIPPED)), NOW)
            self.report = request_report(self.ports, self.account, SHIPPED, SHIPPED, NOW).id

    def connected(self, ports: AwsPorts) -> AwsPorts:
        """The ports, whose clients are served by the cloud in this process."""
        self.cloud.serve(ports._client.session)  # noqa: SLF001 - there is nothing else to hold on to
        return ports

    def events(self) -> Mapping[str, dict[str, Any]]:
        """One event for each function, by its module."""
        delivery = scans_body(SCAN)
        return {
            "submit_tracking": self.http("PUT", PACKAGE_PATH, PACKAGE),
            "check_numbers": self.http("POST", "/v1/tracking-numbers/check", {"number": NUMBER}),
            "ingest_scans": self.webhook(delivery),
            "record_scans": sqs_event(message_of(delivery)),
            "recompute_rates": sqs_event(
                write_message(RecountMessage("acme", SHIPPED, 0)), groups=["acme"]
            ),
            "schedule_recompute": {"every_account": True},
            "watch_silence": {},
            "read_rates": self.http("GET", "/v1/rates"),
            "export_report": self.http("GET", f"/v1/reports/{self.report}"),
            "write_report": sqs_event(write_message(ReportMessage("acme", self.report))),
            "describe_api": self.http("GET", "/v1/health"),
        }

    def http(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        return http_event(method, path, body=body, key=self.key)

    def webhook(self, body: bytes) -> dict[str, Any]:
        headers = signed(SECRET, body, datetime.now(UTC))
        return http_event("POST", "/v1/webhooks/standard", body=body, headers=headers)


def message_of(body: bytes) -> str:
    """A webhook's body on its way through the queue."""
    return write_message(DeliveryMessage("standard", "d", NOW, body))


@contextmanager
def credentials(**variables: str) -> Iterator[None]:
    """An environment that lets clients be made, and these variables besides."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**CREDENTIALS, **variables}.items():
            environment.setenv(name, value)
        yield


MODULES = tuple(functions())
