"""`vtr doctor` and `vtr redrive` on the real stack: what is wrong is said, mended, and well."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from support.command_line import CommandLine
from support.stack import LocalStack, eventually
from vtr.domain.packages import BucketKey
from vtr.messages import RecountMessage, write_message
from vtr.ports.queues import Recount
from vtr_cli.deployed import Deployed
from vtr_local.ports import local_ports
from vtr_local.stack import STACK

pytestmark = pytest.mark.e2e

DAY = datetime.now(UTC).date()


@pytest.fixture
def vtr(real_stack: LocalStack) -> CommandLine:
    return CommandLine(real_stack.home.root, {})


def findings(vtr: CommandLine, *arguments: str) -> dict[str, Any]:
    """What the doctor finds, by check; its exit code says whether anything failed."""
    ran = vtr("doctor", "--json", *arguments)
    told = json.loads(ran.out)
    found = {each["check"]: each for each in told["findings"]}
    failed = any(each["status"] == "fail" for each in found.values())
    assert (ran.exit_code, told["healthy"]) == (int(failed), not failed)
    return found


def put_among_the_dead(stack: LocalStack, account: str, day: date) -> None:
    with local_ports(stack.record) as ports:
        found = Deployed(STACK, ports)
        found.client("sqs").send_message(
            QueueUrl=found.queues["recounts"].dead_letters,
            MessageBody=write_message(RecountMessage(account, day, 0)),
            MessageGroupId=account,
            MessageDeduplicationId=f"{account}#{day}#{datetime.now(UTC)}",
        )


def test_the_doctor_looks_at_everything_and_finds_a_new_stack_well(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    real_stack.create_key()
    found = findings(vtr)
    assert {each["status"] for each in found.values()} <= {"ok", "warn"}
    for check in (
        "queue scans",
        "dead letters reports",
        "schedule ScheduleRecompute",
        "policies",
        "accounts",
        "secret standard",
        "table packages",
        "bucket",
        "quarantine",
        "drift",
        "alarms",
        "alarms' readers",
    ):
        assert check in found
    # The emulator drops a bucket's lifecycle: that is just what the check is for.
    assert found["bucket"]["status"] == "warn"


def test_a_schedule_that_has_run_is_known_by_its_metric(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    with local_ports(real_stack.record) as ports:
        found = Deployed(STACK, ports)
        functions = found.of_kind("AWS::Lambda::Function")
        found.client("lambda").invoke(FunctionName=functions["WatchSilenceFunction"])

    def when() -> str:
        told: str = findings(vtr)["schedule WatchSilence"]["found"]
        return told if told.startswith("last ran at") else ""

    assert eventually(when, seconds=20)


def test_the_state_of_the_stack_is_told_to_programs(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    told = json.loads(vtr("status", "--json").out)
    assert (told["up"], told["api_url"]) == (True, real_stack.url)
    assert vtr("status", "--json").exit_code == 0


def test_the_doctor_prints_a_line_a_check(vtr: CommandLine) -> None:
    lines = vtr("doctor").out.splitlines()
    assert any(line.startswith("ok") and "queue scans" in line for line in lines)


def test_an_account_that_is_not_there_is_a_sentence(vtr: CommandLine) -> None:
    ran = vtr("doctor", "--account", "nobody")
    assert (ran.exit_code, ran.err) == (2, "There is no account nobody.\n")


def test_dead_letters_are_found_shown_moved_and_gone(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    real_stack.create_key()
    put_among_the_dead(real_stack, "acme", DAY)
    found = findings(vtr)["dead letters recounts"]
    assert (found["status"], found["found"]) == ("fail", "1 wait")
    shown = vtr("redrive", "recounts", "--dry-run")
    assert f"acme {DAY} 0" in shown.out
    assert "1 shown of 1; nothing was moved." in shown.err
    told = json.loads(vtr("redrive", "recounts", "--dry-run", "--json").out)
    assert (told["moved"], told["kept"], told["left"]) == (0, 0, 1)
    assert told["letters"][0]["what"] == f"acme {DAY} 0"
    moved = vtr("redrive", "recounts", "--limit", "5")
    assert "1 moved back to recounts; 0 left behind." in moved.err
    assert findings(vtr)["dead letters recounts"]["status"] == "ok"
    with local_ports(real_stack.record) as ports:
        counted = eventually(lambda: ports.rates.bucket(BucketKey("acme", DAY)), seconds=20)
    assert counted is not None


def test_a_queue_that_this_stack_has_not_is_a_sentence(vtr: CommandLine) -> None:
    ran = vtr("redrive", "amazon")
    assert ran.exit_code == 2
    assert "Its queues are scans, recounts, reports." in ran.err


def test_a_requests_lines_are_found_by_its_id(real_stack: LocalStack, vtr: CommandLine) -> None:
    order = {"placed_at": datetime.now(UTC).isoformat(), "category": "books"}
    with real_stack.http(real_stack.create_key(account="logged")) as http:
        for number in (1, 2):
            assert http.put(f"/v1/orders/logged-{number}", json=order).status_code == 201

    def audit_of(order_id: str) -> str:
        lines = [json.loads(line)["message"] for line in vtr("logs", "--json").out.splitlines()]
        found = (json.loads(line) for line in lines if order_id in line)
        return next((str(line["request_id"]) for line in found), "")

    asked = eventually(lambda: audit_of("logged-2"), seconds=20)
    assert asked
    shown = vtr("logs", "--request", asked).out
    assert "logged-2" in shown
    assert "logged-1" not in shown
    assert "Nothing was logged" in vtr("logs", "--request", "nowhere").err


def test_drift_is_found_by_account_and_is_gone_after_the_turn(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    order = {"placed_at": datetime.now(UTC).isoformat(), "category": "books"}
    package = {
        "carrier": "UPS",
        "tracking_number": "1Z410E7W0392751591",
        "ship_date": DAY.isoformat(),
        "order": order,
    }
    with real_stack.http(real_stack.create_key(account="drifter")) as http:
        assert http.put("/v1/orders/114-drift/packages/1", json=package).status_code == 201
    with local_ports(real_stack.record) as ports:
        bucket = BucketKey("drifter", DAY)
        assert eventually(lambda: ports.rates.bucket(bucket), seconds=20)
        assert findings(vtr, "--account", "drifter")["drift"]["status"] == "ok"
        claim = ports.packages.page(bucket).rows[0].confirmation
        assert claim.parcel is not None
        parcel = ports.parcels.get(claim.parcel, consistent=True)
        ports.parcels.save(replace(parcel, claims={}))
        drifted = findings(vtr, "--account", "drifter")["drift"]
        assert (drifted["status"], drifted["found"][:15]) == ("fail", "1 claim_missing")
        ports.recounts.send([Recount(bucket, reconcile=True)])
        assert eventually(
            lambda: findings(vtr, "--account", "drifter")["drift"]["status"] == "ok", seconds=20
        )
