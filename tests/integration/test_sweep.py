"""The nightly sweep: it comes for every account once, and reports what it repaired."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integration.deployment import Deployment
from integration.requests import SHIPPED, TODAY, UPS, a_package
from support.events import sqs_event
from vtr.domain.packages import ParcelKey
from vtr.messages import RecountMessage, read_message, write_message
from vtr.use_cases.policy_in_force import policy_today
from vtr.use_cases.roll_over_days import ROLLOVER_SLICES

PACKAGE = "/v1/orders/114-1/packages/1"


def reconcile(vtr: Deployment) -> None:
    message = RecountMessage("acme", SHIPPED, 0, reconcile=True)
    vtr.invoke("recompute_rates", sqs_event(write_message(message), groups=["acme"]))


def the_turn(vtr: Deployment) -> datetime:
    """When the account's turn came today: in its slice of the hour after its midnight."""
    vtr.key()
    ports = vtr.aws.ports()
    account = ports.accounts.get("acme")
    assert account is not None
    zone = policy_today(ports, account, datetime.now(UTC)).zone
    midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=zone).astimezone(UTC)
    return midnight + account.rollover_slice(ROLLOVER_SLICES) * timedelta(minutes=5)


def swept(vtr: Deployment, at: datetime) -> int:
    answer: dict[str, int] = vtr.invoke("schedule_recompute", {"time": f"{at:%Y-%m-%dT%H:%M:%SZ}"})
    assert len(vtr.aws.take("RecountsQueue")) == answer["recounts"]
    return answer["recounts"]


def test_a_run_is_for_the_tick_of_its_schedule_however_late_it_comes(vtr: Deployment) -> None:
    turn = the_turn(vtr)
    ticks = [turn + timedelta(minutes=minutes) for minutes in (-6, -1, 4, 9)]
    found = [swept(vtr, tick) for tick in ticks]
    assert [bool(recounts) for recounts in found] == [False, False, True, False]
    assert found[2] >= 30


def test_a_call_by_hand_takes_every_account_now(vtr: Deployment) -> None:
    vtr.key()
    vtr.key(account="another")
    asked = vtr.invoke("schedule_recompute", {"every_account": True})["recounts"]
    sent = [read_message(each["Body"], RecountMessage) for each in vtr.aws.take("RecountsQueue")]
    assert len(sent) == asked >= 60
    assert {message.account for message in sent} == {"acme", "another"}


def test_what_was_set_right_is_counted_by_kind_and_in_sum(
    vtr: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.settle()
    ports = vtr.aws.ports()
    parcel = ports.parcels.get(ParcelKey(UPS[0]), consistent=True)
    ports.parcels.save(replace(parcel, claims={}))
    capsys.readouterr()
    reconcile(vtr)
    told = capsys.readouterr().out
    assert '"kind":"claim_missing","DriftRepaired":[1.0]' in told
    assert told.count('"DriftRepaired":[1.0]') == 2
    reconcile(vtr)
    assert '"kind"' not in capsys.readouterr().out


def test_a_roll_up_that_may_only_wait_raises_no_alarm(
    vtr: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    vtr.call("PUT", PACKAGE, a_package())  # its recount waits still
    capsys.readouterr()
    reconcile(vtr)
    told = capsys.readouterr().out
    assert '"kind":"count_wrong","DriftRepaired":[1.0]' in told
    assert '"DriftRepaired":[0.0]' in told
