"""The load of sellers and carriers on a stack: submissions, signed scans, rates and lists.

Of 1,000 packages come as many submissions, 8,000 scans, 30 edits, 50 questions for the rate and 10
for a list, as the cost model has it. It is aimed at the local stack, or by VTR_API_URL, VTR_API_KEY
and VTR_WEBHOOK_SECRET at another; one beyond this machine it spares unless --elsewhere is given.
"""

import json
import os
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import randrange
from typing import Any, ClassVar
from urllib.parse import urlsplit

from locust import FastHttpUser, between, events
from locust.exception import StopUser
from standardwebhooks.webhooks import Webhook

from vtr_demo.labels import ups
from vtr_local.home import Home
from vtr_local.record import StackRecord

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WEBHOOK = "/v1/webhooks/standard"
JOURNEY = (
    "label_created",
    "accepted",
    "departed",
    "arrived",
    "in_transit",
    "arrived",
    "out_for_delivery",
    "delivered",
)


@dataclass(frozen=True)
class Target:
    """The stack that is loaded."""

    url: str
    key: str
    webhook: Webhook

    @classmethod
    def found(cls) -> "Target":
        """The stack that the environment names, else the local one."""
        named = [os.environ.get(f"VTR_{name}", "") for name in ("API_URL", "API_KEY")]
        secret = os.environ.get("VTR_WEBHOOK_SECRET", "")
        if all(named) and secret:
            return cls(named[0], named[1], Webhook(secret))
        record = StackRecord.load(Home.from_env())
        if record is None or not record.api_url:
            raise SystemExit("There is no stack to load. Bring the local one up with vtr up.")
        return cls(record.api_url, record.default_key, Webhook(record.webhook_secret))


@dataclass
class Parcel:
    """A package on its way: the scans that are still to come."""

    order_id: str
    number: str
    sent_at: datetime
    scans: deque[str]


TARGET = Target.found()
numbers = count(randrange(1_000_000, 9_000_000))  # noqa: S311 - so that runs do not meet


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_options(parser: Any) -> None:
    parser.add_argument(
        "--elsewhere",
        action="store_true",
        help="Load a stack beyond this machine: it costs its owner money.",
    )


@events.init.add_listener  # type: ignore[untyped-decorator]
def refuse_to_load_others(environment: Any, **_: Any) -> None:
    host = urlsplit(TARGET.url).hostname or ""
    here = host in LOOPBACK or host.endswith(".localhost")
    if not (here or environment.parsed_options.elsewhere):
        raise SystemExit(f"{host} is not this machine. To load it all the same: --elsewhere.")


class Shop(FastHttpUser):  # type: ignore[misc]
    """One seller's system, and the carriers of its packages."""

    host = TARGET.url
    wait_time = between(0.05, 0.15)

    def on_start(self) -> None:
        self.parcels: deque[Parcel] = deque()
        self.submit()

    def submit(self) -> None:
        number = next(numbers)
        now = datetime.now(UTC)
        parcel = Parcel(f"load-{number}", ups(number).number, now, deque(JOURNEY))
        if self._put(parcel, parcel.number, "a package"):
            self.parcels.append(parcel)

    def edit(self) -> None:
        if parcel := next((each for each in self.parcels if len(each.scans) == len(JOURNEY)), None):
            number = ups(next(numbers)).number
            if self._put(parcel, number, "a package, edited"):
                parcel.number = number

    def scan(self) -> None:
        if not self.parcels:
            self.submit()
            return
        self.parcels.rotate(-1)
        parcel = self.parcels[0]
        code = parcel.scans.popleft()
        self._post_scan(
            {
                "carrier": "ups",
                "tracking_number": parcel.number,
                "milestone": code,
                "physical": "no" if code == "label_created" else "yes",
                "occurred_at": datetime.now(UTC).isoformat(),
            }
        )
        if not parcel.scans:
            self.parcels.popleft()

    def rate(self) -> None:
        self._get("/v1/rates")

    def page(self) -> None:
        self._get("/v1/packages?limit=50", name="/v1/packages")

    def _get(self, path: str, name: str = "") -> None:
        self.client.get(path, headers=self._headers(), name=name or path)

    def _put(self, parcel: Parcel, number: str, name: str) -> bool:
        body = {
            "carrier": "UPS",
            "tracking_number": number,
            "ship_date": f"{parcel.sent_at:%Y-%m-%d}",
            "order": {
                "placed_at": (parcel.sent_at - timedelta(hours=6)).isoformat(),
                "category": "toys",
            },
        }
        path = f"/v1/orders/{parcel.order_id}/packages/1"
        answer = self.client.put(path, json=body, headers=self._headers(), name=name)
        if answer.status_code in {401, 403}:
            raise StopUser("The key is not taken.")
        return bool(answer.ok)

    def _post_scan(self, scan: dict[str, str]) -> None:
        now, message = datetime.now(UTC), f"msg_{uuid.uuid4().hex}"
        data = {"scans": [scan]}
        body = json.dumps({"type": "scan.recorded", "timestamp": now.isoformat(), "data": data})
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": TARGET.webhook.sign(message, now, body),
        }
        self.client.post(WEBHOOK, data=body.encode(), headers=headers, name="a scan")

    @staticmethod
    def _headers() -> dict[str, str]:
        return {"Authorization": f"Bearer {TARGET.key}"}

    tasks: ClassVar[Any] = {submit: 100, scan: 800, edit: 3, rate: 5, page: 1}
