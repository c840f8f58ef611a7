"""Whole calls, event in and answer out, in this process: CPU time, with AWS answering at once."""

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import fields
from functools import partial
from importlib import import_module
from io import StringIO
from itertools import count
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from benchmarks.deployment import NOW, NUMBER, PACKAGE, PACKAGE_PATH, SCAN, Deployed, credentials
from benchmarks.deployment import message_of as message
from benchmarks.figures import Figure, cpu_seconds
from support.events import Context, scans_body, sqs_event
from vtr.adapters.memory import MemoryPorts
from vtr.bootstrap import services
from vtr.domain.accounts import Scope
from vtr.use_cases.manage_keys import create_key, open_account

SCANS = 10
_numbers = count()
NOTHING = "a bare powertools handler"


def figures() -> Iterator[Figure]:
    deployed = Deployed()
    with credentials(**deployed.aws.environment), redirect_stdout(_Nowhere()):
        services.cache_clear()
        deployed.connected(services())
        found = _measured(deployed)
    services.cache_clear()
    yield from found


def _measured(deployed: Deployed) -> list[Figure]:
    delivery = scans_body(*[SCAN] * SCANS)
    bare, submit, ingest, record = cpu_seconds(
        _bare(deployed),
        _call("submit_tracking", lambda: _submission(deployed, deployed.key)),
        _call("ingest_scans", partial(deployed.webhook, delivery)),
        _call("record_scans", lambda: sqs_event(message(delivery))),
    )
    key = _in_memory()
    (overhead,) = cpu_seconds(_call("submit_tracking", lambda: _submission(deployed, key)))
    return [
        _figure("submit, its ports in memory", overhead, bare),
        _figure("submit, all of the request", submit, bare),
        _figure(f"ingest, a body of {SCANS} scans", ingest, bare),
        Figure(
            name=f"record, a scan of {SCANS}, all of the call",
            value=record * 1e6 / SCANS,
            unit="µs CPU",
            beside=NOTHING,
            reference=bare * 1e6,
        ),
    ]


def _figure(name: str, took: float, bare: float) -> Figure:
    return Figure(name=name, value=took * 1e6, unit="µs CPU", beside=NOTHING, reference=bare * 1e6)


def _submission(deployed: Deployed, key: str) -> dict[str, Any]:
    """An order and a number that have not been seen."""
    n = next(_numbers)
    package = {**PACKAGE, "tracking_number": f"{NUMBER[:8]}{n:010}"}
    event = deployed.http("PUT", f"/v1/orders/115-{n}/packages/1", package)
    event["headers"]["authorization"] = f"Bearer {key}"
    return event


def _call(module: str, event: Callable[[], dict[str, Any]]) -> Callable[[], object]:
    handler = import_module(f"{module}.handler").lambda_handler
    answered = handler(event(), Context(module))
    assert answered.get("statusCode", 200) < 300, answered
    assert not answered.get("batchItemFailures"), answered
    return lambda: handler(event(), Context(module))


def _bare(deployed: Deployed) -> Callable[[], object]:
    """A handler that reads the body and returns it."""
    app = APIGatewayHttpResolver()
    app.put("/v1/orders/<order_id>/packages/<package_id>")(
        lambda order_id, package_id: {**app.current_event.json_body, "id": order_id + package_id}
    )
    event = deployed.http("PUT", PACKAGE_PATH, PACKAGE)
    assert NUMBER in json.dumps(app.resolve(event, Context("bare")))
    return lambda: app.resolve(event, Context("bare"))


def _in_memory() -> str:
    """Replace the function's ports by those in memory; return a key that these know."""
    memory = MemoryPorts()
    key = create_key(memory, open_account(memory, "acme", "amazon-us"), [Scope.SUBMIT], NOW)
    for one in fields(memory):
        services().__dict__[one.name] = getattr(memory, one.name)
    return key


class _Nowhere(StringIO):
    def write(self, text: str) -> int:
        return len(text)
