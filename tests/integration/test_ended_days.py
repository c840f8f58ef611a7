"""A day that has ended, from outside: refused over HTTP, archived by a message, reported."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.ended import count_on
from integration.problems import assert_problem
from integration.requests import TODAY, UPS, a_package, a_scan, an_order
from support.aws import BUCKET
from support.events import sqs_event
from vtr.domain.retention import months_after
from vtr.messages import RecountMessage, write_message

ENDED = months_after(TODAY, -13) - timedelta(days=1)
PACKAGE = "/v1/orders/114-1/packages/1"
FILE = f"ended/account=acme/day={ENDED}/shard=0.jsonl.gz"


def shipped_long_ago(vtr: Deployment) -> None:
    """An order whose one package was counted on a day that has ended, as the tables have it."""
    assert vtr.call("PUT", PACKAGE, a_package(order=an_order())).status == 201
    ports = vtr.aws.ports()
    order = ports.orders.get("acme", "114-1", consistent=True)
    assert order is not None
    package = order.package("1")
    said = replace(package.current, ship_date=ENDED)
    package = replace(package, history=(said,), days=(ENDED,))
    ports.orders.save(replace(order, packages={"1": package}))
    count_on(vtr, ENDED)


def archive(vtr: Deployment) -> None:
    message = RecountMessage("acme", ENDED, 0, archive=True)
    vtr.invoke("recompute_rates", sqs_event(write_message(message), groups=["archive#acme#0"]))


def metrics_in(text: str) -> dict[str, list[float]]:
    """The metrics that functions printed, by name."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith('{"_aws"')]
    return {name: value for line in lines for name, value in line.items() if name[0].isupper()}


def test_what_has_ended_is_refused_and_says_what_to_do(vtr: Deployment) -> None:
    shipped_long_ago(vtr)
    for method, path, body in (
        ("GET", "/v1/orders/114-1", None),
        ("GET", PACKAGE, None),
        ("PUT", PACKAGE, a_package()),
        ("PUT", "/v1/orders/114-1", an_order()),
        ("POST", "/v1/orders/114-1/cancellation", {}),
    ):
        assert_problem(vtr.call(method, path, body), "order_ended")
    line: dict[str, Any] = {"order_id": "114-1", "package_id": "1", **a_package()}
    batch = vtr.call("POST", "/v1/packages/batch", {"packages": [line]}).json
    assert [result["problem"]["code"] for result in batch["results"]] == ["order_ended"]


def test_an_unknown_order_is_told_how_long_orders_are_kept(vtr: Deployment) -> None:
    answer = vtr.call("GET", "/v1/orders/none")
    assert_problem(answer, "order_not_found")
    assert "13 months" in answer.json["detail"]


def test_a_list_of_ended_days_is_refused_and_names_the_first_that_is_kept(
    vtr: Deployment,
) -> None:
    query = {"from": str(ENDED), "to": str(ENDED)}
    answer = vtr.call("GET", "/v1/packages", query=query)
    assert_problem(answer, "invalid_request", "from")
    ahead = (ENDED + timedelta(days=days) for days in range(10))
    kept = next(day for day in ahead if months_after(day, 13) > TODAY)
    assert f"must be {kept} or later" in answer.json["detail"]


def test_an_ended_day_is_archived_by_its_message_and_reported(
    vtr: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped_long_ago(vtr)
    archive(vtr)
    stored = vtr.aws.s3.get_object(Bucket=BUCKET, Key=FILE)["Body"].read()
    (line,) = map(json.loads, gzip.decompress(stored).splitlines())
    assert line["confirmation"]["order_id"] == "114-1"
    assert metrics_in(capsys.readouterr().out)["DayArchived"] == [1.0]
    archive(vtr)
    assert "DayArchived" not in metrics_in(capsys.readouterr().out)
    where = vtr.call("POST", "/v1/reports", {"from": str(ENDED), "to": str(ENDED)}).headers
    vtr.settle()
    assert vtr.call("GET", where["location"]).json["rows"] == 1


def test_a_scan_from_before_the_retention_is_accepted_and_counted(
    vtr: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    vtr.scan(a_scan(UPS[1], occurred_at=f"{ENDED - timedelta(days=60)}T12:00:00Z"))
    assert metrics_in(capsys.readouterr().out)["ScanOutlived"] == [1.0]
