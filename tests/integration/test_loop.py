"""Submit, scan, rate, report: the whole loop, and what comes late, twice or again."""

import csv
import gzip
import io
from datetime import timedelta
from typing import Any

import requests

from integration.deployment import Deployment
from integration.requests import (
    SHIPPED,
    UPS,
    a_line,
    a_package,
    a_scan,
    ago,
    an_order,
    day,
    without,
)
from support.events import REQUEST_ID, scans_body
from vtr.domain.accounts import Scope

PACKAGE = "/v1/orders/114-1/packages/1"


def overall(vtr: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = vtr.call("GET", "/v1/rates").json["overall"]
    return found


def counted(vtr: Deployment) -> tuple[int, int, int]:
    rate = overall(vtr)
    return rate["valid"], rate["unconfirmed"], rate["pending"]


def test_a_package_is_unconfirmed_until_its_scan_moves_the_rate(vtr: Deployment) -> None:
    submitted = vtr.call("PUT", PACKAGE, a_package())
    assert submitted.status == 201
    assert submitted.headers["x-request-id"] == REQUEST_ID
    assert submitted.json["state"] == "unconfirmed"
    assert submitted.json["reason"] == "NO_SCAN"
    vtr.settle()
    assert overall(vtr)["rate"] == 0.0
    assert overall(vtr)["reasons"] == {"NO_SCAN": 1}
    vtr.scan(a_scan())
    assert counted(vtr) == (1, 0, 0)
    assert overall(vtr)["rate"] == 1.0
    package = vtr.call("GET", PACKAGE).json
    assert (package["state"], package["reason"]) == ("valid", "VALID")
    assert package["evidence"]["first_physical_scan_at"] is not None
    assert package["evidence"]["first_physical_scan"]["code"]


def test_who_names_a_number_that_another_package_names_is_warned(vtr: Deployment) -> None:
    assert vtr.call("PUT", PACKAGE, a_package()).json["warnings"] == []
    again = vtr.call("PUT", "/v1/orders/114-2/packages/1", a_package()).json
    (warning,) = again["warnings"]
    assert warning.startswith("Another package names this number. If they are not one parcel, ")
    other = vtr.key(account="other")
    third = vtr.call("PUT", "/v1/orders/114-3/packages/1", a_package(), key=other).json
    assert third["warnings"] == []
    vtr.call("PUT", "/v1/orders/114-4/packages/1", a_package())
    vtr.settle()
    listed = vtr.call("GET", "/v1/packages").json["packages"]
    assert [each["warnings"][0][:22] for each in listed] == ["2 other packages name "] * 3


def test_blanks_around_a_category_make_no_other_one(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package(order=an_order(category="electronics ")))
    assert vtr.call("PUT", "/v1/orders/114-1", an_order(category=" electronics")).status == 200
    vtr.settle()
    rates = vtr.call("GET", "/v1/rates").json
    assert [each["category"] for each in rates["categories"]] == ["electronics"]
    listed = vtr.call("GET", "/v1/packages", query={"category": "electronics\u00a0"}).json
    assert len(listed["packages"]) == 1
    assert vtr.call("POST", "/v1/reports", {"category": " electronics "}).json["category"] == (
        "electronics"
    )


def test_a_scan_before_its_submission_counts_as_well(vtr: Deployment) -> None:
    vtr.scan(a_scan())
    assert vtr.call("PUT", PACKAGE, a_package()).json["state"] == "valid"
    vtr.settle()
    assert counted(vtr) == (1, 0, 0)


def test_a_package_sent_yesterday_is_pending(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package(ship_date=day(-1)))
    vtr.settle()
    assert counted(vtr) == (0, 0, 1)
    rate = overall(vtr)
    assert (rate["rate"], rate["status"]) == (None, "no_data")
    assert rate["forecast"] == {"rate": 0.0, "status": "missed"}


def test_the_rate_is_told_apart_by_category_and_to_the_package(vtr: Deployment) -> None:
    for number, category in enumerate(("books", "books", "toys", "toys")):
        line = a_package(UPS[number], order=an_order(category=category))
        vtr.call("PUT", f"/v1/orders/114-{number}/packages/1", line)
    vtr.scan(a_scan(UPS[0]), a_scan(UPS[2]), a_scan(UPS[3]))
    categories = {one["category"]: one for one in vtr.call("GET", "/v1/rates").json["categories"]}
    assert {name: (one["valid"], one["packages"]) for name, one in categories.items()} == {
        "books": (1, 2),
        "toys": (2, 2),
    }
    behind = vtr.call("GET", "/v1/packages", query={"state": "unconfirmed", "category": "books"})
    assert [package["order_id"] for package in behind.json["packages"]] == ["114-1"]


def test_the_same_again_changes_nothing(vtr: Deployment) -> None:
    first = vtr.call("PUT", PACKAGE, a_package())
    vtr.scan(a_scan())
    before = vtr.call("GET", PACKAGE).json
    again = vtr.call("PUT", PACKAGE, a_package())
    vtr.scan(a_scan(), a_scan())
    assert (first.status, again.status) == (201, 200)
    assert vtr.call("GET", PACKAGE).json == before
    assert counted(vtr) == (1, 0, 0)


def test_an_edit_moves_a_package_to_its_new_number_and_day(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package(UPS[1]))
    vtr.scan(a_scan(UPS[0]))
    assert counted(vtr) == (0, 1, 0)
    moved = (SHIPPED + timedelta(days=1)).isoformat()
    edited = vtr.call("PUT", PACKAGE, a_package(UPS[0], ship_date=moved))
    vtr.settle()
    assert (edited.status, edited.json["state"]) == (200, "valid")
    assert [said["tracking_number"] for said in edited.json["history"]] == [UPS[1], UPS[0]]
    assert counted(vtr) == (1, 0, 0)
    vtr.scan(a_scan(UPS[1]))
    assert counted(vtr) == (1, 0, 0)


def test_two_orders_in_one_box_share_its_scan(vtr: Deployment) -> None:
    for order_id in ("114-1", "114-2"):
        vtr.call("PUT", f"/v1/orders/{order_id}/packages/1", a_package())
    vtr.scan(a_scan())
    assert counted(vtr) == (2, 0, 0)


def test_a_cancelled_order_keeps_counting(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    cancelled = vtr.call("POST", "/v1/orders/114-1/cancellation")
    vtr.settle()
    assert cancelled.status == 200
    assert cancelled.json["cancelled_at"] is not None
    assert cancelled.json["packages"][0]["cancelled_at"] == cancelled.json["cancelled_at"]
    assert counted(vtr) == (0, 1, 0)


def test_the_earliest_cancellation_stands(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    path, earliest = "/v1/orders/114-1/cancellation", ago(days=3)
    vtr.call("POST", path, {"cancelled_at": earliest})
    again = vtr.call("POST", path, {"cancelled_at": ago(days=2)})
    assert again.json["cancelled_at"] == earliest.replace("+00:00", "Z")


def test_an_order_first_and_its_packages_after(vtr: Deployment) -> None:
    placed = vtr.call("PUT", "/v1/orders/114-1", an_order())
    assert (placed.status, placed.json["packages"]) == (201, [])
    confirmed = vtr.call("PUT", PACKAGE, without(a_package(), "order"))
    assert confirmed.status == 201
    order = vtr.call("GET", "/v1/orders/114-1").json
    assert order["value"] == {"amount": "24.90", "currency": "USD"}
    assert [package["package_id"] for package in order["packages"]] == ["1"]
    assert vtr.call("PUT", "/v1/orders/114-1", an_order()).status == 200


def test_carrier_and_number_may_be_blank_and_are_judged(vtr: Deployment) -> None:
    blank = vtr.call("PUT", PACKAGE, a_package(carrier="", tracking_number=""))
    assert (blank.status, blank.json["reason"]) == (201, "INVALID_ID")
    unknown = vtr.call("PUT", "/v1/orders/114-2/packages/1", a_package(carrier="Hermes and Sons"))
    assert unknown.json["reason"] == "CARRIER_UNKNOWN"


def test_an_operator_moves_a_history_in(vtr: Deployment) -> None:
    key = vtr.key(Scope.SUBMIT, Scope.OPERATE)
    moved = vtr.call("PUT", PACKAGE, a_package(confirmed_at=ago(days=6)), key=key)
    assert (moved.status, moved.json["confirmed_at"]) == (201, ago(days=6).replace("+00:00", "Z"))


def test_a_number_confirmed_after_delivery_does_not_count(vtr: Deployment) -> None:
    vtr.scan(a_scan(milestone="delivered", occurred_at=ago(days=4)))
    late = vtr.call("PUT", PACKAGE, a_package())
    assert (late.json["state"], late.json["reason"]) == ("unconfirmed", "UPLOADED_AFTER_DELIVERY")


def test_pages_of_packages_hold_each_once_newest_first(vtr: Deployment) -> None:
    lines = [a_line(f"114-{number}", ship_date=day(-1 - number % 3)) for number in range(7)]
    assert vtr.call("POST", "/v1/packages/batch", {"packages": lines}).json["accepted"] == 7
    found, query = [], {"limit": "3"}
    while True:
        page = vtr.call("GET", "/v1/packages", query=query).json
        found += page["packages"]
        assert len(page["packages"]) <= 3
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(package["order_id"] for package in found) == [f"114-{n}" for n in range(7)]
    days = [package["ship_date"] for package in found]
    assert days == sorted(days, reverse=True)


def test_the_history_of_the_rate_ends_with_today(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.scan(a_scan())
    history = vtr.call("GET", "/v1/rates/history", query={"days": "10"}).json["days"]
    assert len(history) == 10
    assert history[-1]["date"] == day(0)
    assert [one["valid"] for one in history] == [0] * 3 + [1] * 7


def test_a_report_is_asked_for_followed_downloaded_and_read(vtr: Deployment) -> None:
    for number in range(3):
        vtr.call("PUT", f"/v1/orders/114-{number}/packages/1", a_package(UPS[number]))
    vtr.call("PUT", "/v1/orders/114-9/packages/1", a_package(tracking_number="=1+1", carrier="UPS"))
    vtr.scan(a_scan(UPS[0]))
    asked = vtr.call("POST", "/v1/reports", {})
    where = asked.headers["location"]
    assert (asked.status, asked.json["status"]) == (202, "queued")
    assert where == f"/v1/reports/{asked.json['report_id']}"
    vtr.settle()
    done = vtr.call("GET", where).json
    assert (done["status"], done["rows"]) == ("done", 4)
    document = vtr.call("GET", f"{where}/document")
    assert (document.status, document.headers["location"]) == (303, document.json["url"])
    content = requests.get(document.json["url"], timeout=5).content
    text = gzip.decompress(content).decode() if content[:2] == b"\x1f\x8b" else content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Order ID"]: row["No Valid Tracking"] for row in rows} == {
        "114-0": "",
        "114-1": "X",
        "114-2": "X",
        "114-9": "X",
    }
    assert rows[3]["Tracking ID"] == "114-9-InvalidId"
    assert rows[0]["First physical scan"] == ago(days=5).replace("+00:00", "Z")


def test_every_five_minutes_the_schedule_may_ask_and_by_hand_it_always_does(
    vtr: Deployment,
) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.aws.take("RecountsQueue")
    assert set(vtr.invoke("schedule_recompute", {"time": ago()})) == {"recounts"}
    vtr.aws.take("RecountsQueue")
    asked = vtr.invoke("schedule_recompute", {"every_account": True})["recounts"]
    assert asked > 30
    assert counted(vtr) == (0, 0, 0)
    assert vtr.work_off("RecountsQueue") == asked
    assert counted(vtr) == (0, 1, 0)


def test_one_delivery_of_many_scans_is_recorded_whole(vtr: Deployment) -> None:
    for number, ups in enumerate(UPS):
        vtr.call("PUT", f"/v1/orders/114-{number}/packages/1", a_package(ups))
    padding = [a_scan(f"1Z{number:016}", place="x" * 200) for number in range(600)]
    body = scans_body(*padding, *(a_scan(ups) for ups in UPS))
    assert len(body) > 150_000
    assert vtr.deliver(body).status == 200
    vtr.settle()
    assert counted(vtr) == (4, 0, 0)
