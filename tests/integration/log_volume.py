"""The bytes of log that each kind of work leaves behind when all goes well.

A good run leaves no line of Lambda's own: the template asks for its warnings alone.
"""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from functools import partial

from integration.deployment import Deployment, deployment
from integration.requests import a_package, a_scan, an_order
from support.aws import main_template
from support.events import scans_body, sqs_event
from vtr.messages import RecountMessage, write_message
from vtr.observability import logger

PACKAGE = "/v1/orders/114-3941689-8772232/packages/1"
ACCESS = {
    "requestId": "JKJaXmPLvHcESHA=",
    "routeKey": "POST /v1/webhooks/{source}",
    "status": "200",
    "responseLatency": "24",
    "integration.integrationStatus": "200",
    "error.responseType": "-",
}
"""The values of the gateway's line about the most frequent request."""


def log_bytes() -> dict[str, int]:
    """Return the bytes of each, as handlers write them; of the gateway's, by the template."""
    with deployment() as vtr, captured() as text:
        key = vtr.key()
        vtr.call("PUT", PACKAGE, a_package(order=an_order()))
        submitted = _logged(text, lambda: vtr.call("PUT", PACKAGE, a_package()))
        read = _logged(text, lambda: vtr.call("GET", "/v1/rates", key=key))
        webhook = _logged(text, lambda: vtr.deliver(scans_body(a_scan())))
        message = vtr.aws.take("ScansQueue")[0]["Body"]
        records = [_logged(text, partial(_record, vtr, message, n)) for n in (1, 2)]
        recounts = [_logged(text, partial(_recount, vtr, n)) for n in (1, 2)]
    return {
        "submit": submitted,
        "webhook": webhook,
        "record a delivery": records[1] - records[0],
        "record run": 2 * records[0] - records[1],
        "recount": recounts[1] - recounts[0],
        "recount run": 2 * recounts[0] - recounts[1],
        "read": read,
        "access": access_line_bytes(),
    }


@contextmanager
def captured() -> Iterator[io.StringIO]:
    """What functions print: their log, and the metrics in it."""
    text, handler = io.StringIO(), logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(text)
    with redirect_stdout(text):
        yield text
    if before is not None:
        handler.setStream(before)


def access_line_bytes() -> int:
    settings = main_template()["Resources"]["Api"]["Properties"]["AccessLogSettings"]
    return len(re.sub(r"\$context\.([\w.]+)", lambda each: ACCESS[each[1]], settings["Format"]))


def _logged(text: io.StringIO, do: Callable[[], object]) -> int:
    """Do it twice, since a function's first run counts its start; the bytes of the second."""
    do()
    start = text.tell()
    do()
    lines = text.getvalue()[start:].splitlines()
    assert all(json.loads(line).get("level", "INFO") == "INFO" for line in lines)
    return sum(len(line.encode()) for line in lines)


def _record(vtr: Deployment, message: str, times: int) -> None:
    """Record a delivery as often as *times*: what is in it again is logged alike."""
    vtr.invoke("record_scans", sqs_event(*[message] * times))


def _recount(vtr: Deployment, times: int) -> None:
    message = write_message(RecountMessage("acme", datetime.now(UTC).date(), 0))
    groups = [f"acme#{n}" for n in range(times)]
    vtr.invoke("recompute_rates", sqs_event(*[message] * times, groups=groups))
