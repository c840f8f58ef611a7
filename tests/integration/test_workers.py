"""Workers: a bad record fails alone, a FIFO group keeps its order, what is done twice is done."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.requests import SHIPPED, UPS, a_package, a_scan
from support.events import scans_body, sqs_event
from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, write_message

PACKAGE = "/v1/orders/114-1/packages/1"
UNREADABLE = ["", "{", "[]", "{}", '{"source": 1}', '{"account": null, "day": "x"}']


def a_delivery(body: bytes, source: str = "standard", object_key: str = "") -> str:
    at = datetime(2026, 10, 21, tzinfo=UTC)
    return write_message(DeliveryMessage(source, "e3b0", at, body, object_key))


def a_recount(account: str = "acme", day: date = SHIPPED) -> str:
    return write_message(RecountMessage(account, day, 0))


def failed(answer: Any) -> list[str]:
    """The ids of the records that come back; the answer has nothing else in it."""
    assert set(answer) == {"batchItemFailures"}
    assert all(set(one) == {"itemIdentifier"} for one in answer["batchItemFailures"])
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def report_asked_for(vtr: Deployment) -> tuple[str, str]:
    """A report's route and the message that asks for its writing."""
    where = vtr.call("POST", "/v1/reports").headers["location"]
    (message,) = vtr.aws.take("ReportsQueue")
    return where, message["Body"]


@pytest.mark.parametrize(
    "poison",
    [
        *UNREADABLE,
        a_delivery(b"{}", source="nobody"),
        a_delivery(b"", object_key="deliveries/gone"),
    ],
)
def test_a_delivery_that_cannot_be_read_comes_back_alone(vtr: Deployment, poison: str) -> None:
    for number in (1, 2):
        vtr.call("PUT", f"/v1/orders/114-{number}/packages/1", a_package(UPS[number]))
    good = [a_delivery(scans_body(a_scan(UPS[number]))) for number in (1, 2)]
    answer = vtr.invoke("record_scans", sqs_event(good[0], poison, good[1]))
    assert failed(answer) == ["m1"]
    vtr.settle()
    assert vtr.call("GET", "/v1/rates").json["overall"]["valid"] == 2


@pytest.mark.parametrize("body", [b"{", b"\xff", b""])
def test_an_authentic_body_that_is_none_of_its_sources_is_laid_aside_for_good(
    vtr: Deployment, body: bytes
) -> None:
    good = a_delivery(scans_body(a_scan()))
    vtr.call("PUT", PACKAGE, a_package())
    assert failed(vtr.invoke("record_scans", sqs_event(a_delivery(body), good))) == []
    assert [key for key in vtr.aws.object_keys() if key.startswith("quarantine/")]
    vtr.settle()
    assert vtr.call("GET", "/v1/rates").json["overall"]["valid"] == 1


@pytest.mark.parametrize("function", ["record_scans", "recompute_rates", "write_report"])
def test_a_batch_of_nothing_but_bad_records_comes_back_whole(
    vtr: Deployment, function: str
) -> None:
    event = sqs_event("{", "{", groups=["acme", "other"])
    assert failed(vtr.invoke(function, event)) == ["m0", "m1"]


def test_a_bad_batch_leaves_nothing_behind_for_the_next_one(vtr: Deployment) -> None:
    assert failed(vtr.invoke("record_scans", sqs_event("{"))) == ["m0"]
    good = sqs_event(a_delivery(scans_body(a_scan())))
    assert failed(vtr.invoke("record_scans", good)) == []


def test_one_account_that_cannot_be_recounted_holds_no_other_one_up(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.aws.take("RecountsQueue")
    bodies = [a_recount("nobody"), a_recount("nobody"), a_recount("acme")]
    answer = vtr.invoke("recompute_rates", sqs_event(*bodies, groups=["nobody", "nobody", "acme"]))
    assert failed(answer) == ["m0", "m1"]
    assert vtr.call("GET", "/v1/rates").json["overall"]["packages"] == 1


def test_what_follows_a_failure_in_its_group_does_not_wait_for_it(vtr: Deployment) -> None:
    """Recounts may be done in any order; waiting, they would be given up with what failed."""
    vtr.call("PUT", PACKAGE, a_package())
    vtr.aws.take("RecountsQueue")
    event = sqs_event("{", a_recount("acme"), groups=["acme", "acme"])
    assert failed(vtr.invoke("recompute_rates", event)) == ["m0"]
    assert vtr.call("GET", "/v1/rates").json["overall"]["packages"] == 1


def test_a_recount_of_a_day_without_packages_counts_none(vtr: Deployment) -> None:
    vtr.key()
    event = sqs_event(a_recount(day=date(2020, 2, 29)), groups=["acme"])
    assert failed(vtr.invoke("recompute_rates", event)) == []


def test_a_delivery_recorded_twice_changes_nothing(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    event = sqs_event(a_delivery(scans_body(a_scan())), receive_count=1)
    again = sqs_event(a_delivery(scans_body(a_scan())), receive_count=2)
    for one in (event, again, again):
        assert failed(vtr.invoke("record_scans", one)) == []
        vtr.settle()
        assert vtr.call("GET", "/v1/rates").json["overall"]["valid"] == 1


def test_the_good_records_of_a_batch_that_came_back_do_no_harm_when_done_again(
    vtr: Deployment,
) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    event = sqs_event(a_delivery(scans_body(a_scan())), "{")
    assert failed(vtr.invoke("record_scans", event)) == ["m1"]
    assert failed(vtr.invoke("record_scans", event)) == ["m1"]
    vtr.settle()
    assert vtr.call("GET", "/v1/rates").json["overall"]["valid"] == 1


def test_a_report_written_twice_is_written_once(vtr: Deployment) -> None:
    where, message = report_asked_for(vtr)
    for _ in range(2):
        assert failed(vtr.invoke("write_report", sqs_event(message))) == []
    assert vtr.call("GET", where).json["status"] == "done"
    assert len(vtr.aws.object_keys()) == 1


@pytest.mark.parametrize(("receive_count", "status"), [(9, "done"), (10, "failed")])
def test_a_report_is_given_up_after_nine_attempts(
    vtr: Deployment, receive_count: int, status: str
) -> None:
    where, message = report_asked_for(vtr)
    event = sqs_event(message, receive_count=receive_count)
    assert failed(vtr.invoke("write_report", event)) == []
    assert vtr.call("GET", where).json["status"] == status


def test_a_report_that_is_done_is_never_given_up(vtr: Deployment) -> None:
    where, message = report_asked_for(vtr)
    vtr.invoke("write_report", sqs_event(message))
    vtr.invoke("write_report", sqs_event(message, receive_count=12))
    assert vtr.call("GET", where).json["status"] == "done"


@pytest.mark.parametrize("account", ["acme", "nobody"])
def test_a_report_that_nobody_asked_for_comes_back(vtr: Deployment, account: str) -> None:
    vtr.key()
    event = sqs_event(write_message(ReportMessage(account, "5f0c")))
    assert failed(vtr.invoke("write_report", event)) == ["m0"]


def test_a_report_out_of_time_before_its_first_part_is_still_written(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    where, message = report_asked_for(vtr)
    vtr.invoke("write_report", sqs_event(message), remaining_seconds=30)
    vtr.settle()
    assert vtr.call("GET", where).json["status"] == "done"
