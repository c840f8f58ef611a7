"""What is private stays out of the logs: secrets, and whatever a caller or a carrier sent."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integration.deployment import SECRET, Deployment
from integration.requests import SECURED, UPS, a_line, a_package, an_order
from support.aws import functions
from support.events import http_event, scans_body, signed
from vtr.adapters.memory.scans import MemoryActivations
from vtr.bootstrap import services
from vtr.domain.accounts import Scope
from vtr.domain.deliveries import AcceptedDelivery
from vtr.sources import SOURCES
from vtr.use_cases.manage_sources import SETUPS, add_source

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
MARK = "JaneRoe4711"
"""Stands for a name, an address, a number: nothing that is logged may hold it."""

OWN_WORDS = {"eventType"}
"""Fields that hold a word of the source's own list, never a text."""

NOW = datetime.now(UTC)


@pytest.fixture
def vtr(
    vtr: Deployment, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> Iterator[Deployment]:
    """A deployment of which all that is printed is looked through at the end of the test."""
    yield vtr
    printed = "".join((log.getvalue(), *capfd.readouterr()))
    assert '"level"' in printed
    secrets = [key.split("_", 2)[2] for key in vtr.keys.values()]
    for private in (MARK, SECRET, SECRET.removeprefix("whsec_"), *secrets):
        assert private not in printed


def marked(value: Any) -> Any:
    """A body in which people are named wherever a body could name them."""
    match value:
        case dict():
            found = {
                name: each if name in OWN_WORDS else marked(each) for name, each in value.items()
            }
            return {**found, "recipient": {"name": MARK, "street1": MARK}, "signed_by": MARK}
        case list():
            return [marked(each) for each in value]
        case str() if " " in value:
            return f"{value}, left with {MARK}"
    return value


BODIES: list[Any] = [
    a_package(MARK, carrier=MARK),
    a_package(ship_date=MARK),
    a_package(order={**an_order(category=MARK), MARK: MARK}),
    an_order(category=MARK),
    an_order(category="other", origin=MARK),
    {"packages": [a_line("114-1", MARK), a_line(f"{MARK} #"), {MARK: MARK}, MARK]},
    {"number": MARK, "carrier": MARK},
    {"category": MARK, "from": MARK},
    {"cancelled_at": MARK},
    {MARK: MARK},
    f'{{"{MARK}"',
    f"order-id\t{MARK}\n1\t2",
    MARK,
]


@pytest.mark.parametrize(("method", "path", "scope"), SECURED)
def test_of_what_a_caller_sends_nothing_is_logged(
    vtr: Deployment, method: str, path: str, scope: Scope
) -> None:
    headers = {"cookie": MARK, "x-forwarded-for": MARK, "content-type": "application/json"}
    for body in BODIES:
        vtr.call(method, path, body, headers=headers, query={"cursor": MARK, "category": MARK})
        vtr.call(method, path, body, headers={**headers, "idempotency-key": MARK})
        vtr.call(method, path, body, headers={**headers, "content-type": f"text/{MARK}"})
    vtr.call(method, path, key=f"vtr_0123456789abcdef_{MARK}")
    vtr.call(method, path, key="", headers={"authorization": f"Basic {MARK}"})
    vtr.call(method, path, key=vtr.key(*(each for each in Scope if each is not scope)))


@pytest.mark.parametrize("source", SOURCES)
def test_of_what_a_carrier_sends_nobodys_name_is_logged(vtr: Deployment, source: str) -> None:
    deliveries = vtr.aws.ports().deliveries
    vtr.deliver(scans_body())
    vtr.work_off("ScansQueue")
    vars(services())["activations"] = MemoryActivations()  # nobody is called
    for n, path in enumerate(sorted((FIXTURES / source).glob("*.json"))):
        body = json.dumps(marked(json.loads(path.read_text("utf-8")))).encode()
        for m, damaged in enumerate((body, body[:-20], b'"%s"' % MARK.encode(), b"[]")):
            delivery_id = f"{n}-{m}"
            deliveries.send(
                AcceptedDelivery(
                    source=source, body=damaged, delivery_id=delivery_id, received_at=NOW
                )
            )
    assert vtr.work_off("ScansQueue") > 0
    vtr.settle()


@pytest.mark.parametrize("source", SETUPS)
def test_no_secret_of_a_source_is_logged(vtr: Deployment, source: str) -> None:
    if source != "standard":
        add_source(vtr.aws.ports(), source, "acme", MARK)
    paths = [f"/v1/webhooks/{source}", f"/v1/webhooks/{source}/url_acme.{MARK}"]
    names = [
        "authorization",
        "webhook-signature",
        "x-hmac-signature",
        "credential",
        "fdx-signature",
    ]
    for path in paths:
        headers = {**signed(SECRET, b"{}", NOW), **dict.fromkeys(names, f"v1,{MARK}")}
        vtr.send(http_event("POST", path, body=MARK, headers=headers))
        vtr.send(http_event("POST", path, body={"name": MARK}, headers={}))


def test_no_client_secret_is_logged_where_tokens_are_given_out(vtr: Deployment) -> None:
    setup = add_source(vtr.aws.ports(), "ups", "", "")
    form = f"grant_type=client_credentials&client_id={MARK}&client_secret="
    for secret in (MARK, setup.keys[0] if setup.keys else MARK):
        event = http_event("POST", "/v1/webhooks/ups/token", body=form + secret)
        answer = vtr.send(event)
        assert answer.status in {200, 401}


def test_nothing_private_is_logged_from_one_end_to_the_other(vtr: Deployment) -> None:
    package = "/v1/orders/114-1/packages/1"
    vtr.call("PUT", package, a_package(carrier=MARK))
    vtr.call("PUT", package, a_package(UPS[0]))
    scan = {"carrier": "ups", "tracking_number": UPS[0], "occurred_at": NOW.isoformat()}
    assert (
        vtr.deliver(scans_body({**scan, "place": MARK, "code": "ODD", "name": MARK})).status == 200
    )
    report = vtr.call("POST", "/v1/reports").headers["location"]
    vtr.settle()
    url = vtr.call("GET", f"{report}/document").json["url"]
    for function in ("watch_silence", "schedule_recompute"):
        vtr.invoke(function, {"every_account": True})
    vtr.settle()
    assert "Signature" in url
    vtr.aws.drop_tables()
    for event in (http_event("GET", package, key=vtr.key()), http_event("PUT", package, key=MARK)):
        vtr.send(event)
    assert set(functions()) > {"watch_silence", "schedule_recompute"}
