"""What bodies of each source hold: each scan as code, judgement, time and how far it is trusted."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vtr.domain.scans import Milestone, Physical, PhysicalBy, Scan, TimeTrust
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import Activation, Decoded, UndecodableError, WebhookRequest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"

Decode = Callable[[str], Decoded]


def told(scan: Scan) -> str:
    by = " by partner" if scan.physical_by is PhysicalBy.PARTNER else ""
    time = scan.occurred_at.strftime("%m-%dT%H:%M")
    return f"{scan.codes[0]} {scan.physical}{by} {time} {scan.time_trust}"


EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text("utf-8"))


@pytest.mark.parametrize(("fixture", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_scans_of_a_body(decoded: Decode, fixture: str, expected: list[str]) -> None:
    found = decoded(fixture)
    assert [told(scan) for scan in found.scans] == expected
    assert found.skipped == ()
    assert {scan.source for scan in found.scans} <= {fixture.partition("/")[0]}


def test_a_number_is_kept_as_the_carrier_writes_it(decoded: Decode) -> None:
    (scan,) = decoded("ups/manifest_before_its_gmt").scans
    assert (scan.carrier, scan.tracking_number) == ("ups", "1Z5R8W200344719021")


def test_two_lives_of_a_number_are_told_apart(decoded: Decode) -> None:
    first, second = decoded("fedex/number_used_twice").scans
    assert first.tracking_number == second.tracking_number
    assert first.unique_id.startswith("245100~")
    assert second.unique_id.startswith("246300~")


def test_a_scan_belongs_to_the_number_and_carrier_of_its_event(decoded: Decode) -> None:
    last_mile, first_mile = decoded("ship24/last_mile_has_its_own_number").scans[:2]
    assert (last_mile.carrier, last_mile.tracking_number) == ("usps", "9400105600200300400516")
    assert (first_mile.carrier, first_mile.tracking_number) == ("china_post", "LX123400565CN")


def test_the_provider_is_the_carrier_whatever_17track_takes_the_number_for(decoded: Decode) -> None:
    assert {scan.carrier for scan in decoded("17track/null_stage_by_text").scans} == {"ups"}


def test_a_cancelled_departure_takes_back_the_departure(decoded: Decode) -> None:
    (scan,) = decoded("ups/departure_cancelled").scans
    assert (scan.milestone, scan.physical, scan.retracts) == (Milestone.VOIDED, Physical.NO, "DP")


def test_what_the_driver_deletes_is_the_event_before(decoded: Decode) -> None:
    scans = decoded("dhl/push_parcel_de_deleted_by_driver").scans
    assert [scan.codes[0] for scan in scans if scan.retracts] == ["STORN/NRQRD"]
    assert [scan.retracts for scan in scans if scan.retracts] == ["DLVRD/ACCPT"]
    assert [scan.codes[0] for scan in scans if scan.physical is Physical.YES] == [
        "ES",
        "DLVRD/ACCPT",
    ]


@pytest.mark.parametrize(
    "fixture",
    ["ups/test_number", "easypost/old_shape_by_text", "shippo/delivered_contradicts_itself"],
)
def test_what_is_sent_in_test_mode_is_shown_as_such(decoded: Decode, fixture: str) -> None:
    assert all(scan.test for scan in decoded(fixture).scans)


def test_one_bad_event_holds_back_no_good_one(decoded: Decode) -> None:
    found = decoded("standard/one_bad_among_good")
    assert [told(scan) for scan in found.scans] == ["delivered yes 11-22T00:00 date"]
    assert len(found.skipped) == 2


def test_a_code_that_no_table_knows_is_reported(decoded: Decode) -> None:
    assert decoded("ups/code_nobody_knows").unknown_codes == ("ups:ZQ",)
    assert decoded("ups/origin").unknown_codes == ()


@pytest.mark.parametrize("fixture", EXPECTED)
def test_the_same_event_has_the_same_key_in_every_report(decoded: Decode, fixture: str) -> None:
    once, again = decoded(fixture).scans, decoded(fixture).scans
    assert [scan.event_key for scan in once] == [scan.event_key for scan in again]
    assert len({scan.event_key for scan in once}) == len(once)


def test_a_state_without_a_time_has_the_same_key_whenever_it_is_reported() -> None:
    keys = set()
    for second in (1, 2):
        body = {
            "msg": {"slug": "ups", "tracking_number": "1Z1", "tag": "Delivered"},
            "ts": second * 10**9,
        }
        (scan,) = source("aftership").decode(json.dumps(body).encode()).scans
        assert scan.time_trust is TimeTrust.REPORTED
        keys.add(scan.event_key)
    assert len(keys) == 1


def test_dhl_s_handshake_is_answered_and_asks_for_a_call() -> None:
    body = {
        "scope": "subscription.validate",
        "self": "https://api-eu.dhl.com/tracking/push/v1/subscription/s-1",
        "secret": "hook-secret",
    }
    request = WebhookRequest(body=json.dumps(body).encode())
    dhl = source("dhl")
    assert json.loads(dhl.respond(request).body) == {"secret": "hook-secret"}
    assert dhl.activation(request) == Activation(
        url=body["self"], headers={"DHL-Hook-Secret": "hook-secret"}
    )
    for other in (b"{", b'{"scope": "subscription.ready"}'):
        assert dhl.respond(WebhookRequest(body=other)).body == b""
        assert dhl.activation(WebhookRequest(body=other)) is None
    elsewhere = json.dumps(body | {"self": "https://api-eu.dhl.com.example/x"}).encode()
    assert dhl.activation(WebhookRequest(body=elsewhere)) is None


OTHER_WRAPPINGS: dict[str, Callable[[Any], object]] = {
    "easypost/usps_acceptance_as_status_update": lambda body: body["result"],
    "shippo/accepted": lambda body: body["data"],
    "aftership/partner_then_acceptance": lambda body: {"data": {"tracking": body["msg"]}},
    "trackingmore/origin_and_destination": lambda body: {"data": [body["data"]]},
    "17track/two_providers": lambda body: {"code": 0, "data": {"accepted": [body["data"]]}},
    "shipengine/usps_acceptance": lambda body: body["data"] | {"carrier_code": "stamps_com"},
    "ship24/last_mile_has_its_own_number": lambda body: {"data": body},
    "usps/gmt_with_the_local_date": lambda body: {"payload": json.dumps(body)},
    "amazon/event_history": lambda body: {"Type": "Notification", "Message": json.dumps(body)},
}


@pytest.mark.parametrize(("fixture", "wrapped"), OTHER_WRAPPINGS.items(), ids=OTHER_WRAPPINGS)
def test_what_is_told_does_not_depend_on_the_wrapping(
    decoded: Decode, fixture: str, wrapped: Callable[[Any], object]
) -> None:
    body = json.loads((FIXTURES / f"{fixture}.json").read_bytes())
    again = source(fixture.partition("/")[0]).decode(json.dumps(wrapped(body)).encode())
    assert again.scans == decoded(fixture).scans
    assert again.scans


def test_a_payload_of_usps_can_be_one_event_or_several_parcels() -> None:
    event = {"trackingNumber": "9400105600200300400516", "eventCode": "OA"}
    event |= {"GMTTimestamp": "2026-11-20T23:20:00"}
    for payload in (event, [event]):
        body = json.dumps({"payload": json.dumps(payload)}).encode()
        assert [told(scan) for scan in source("usps").decode(body).scans] == [
            "OA yes 11-20T23:20 offset"
        ]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{",
        b"{}",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
    ids=["empty", "null", "array", "number", "text", "cut", "bare", "charset", "deep", "deep too"],
)
def test_a_body_that_is_none_of_the_source_s_cannot_be_read(name: str, body: bytes) -> None:
    if name == "standard" and body == b"{}":
        return  # of another type, which holds no scan
    with pytest.raises(UndecodableError) as caught:
        source(name).decode(body)
    assert caught.value.detail
