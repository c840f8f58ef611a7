"""What bodies of each source hold: each scan as code, judgement, time and how far it is trusted."""

import json
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


EXPECTED = {
    "standard/two_scans": ["EXRL no 11-20T16:00 offset", "ORIG yes 11-21T03:30 offset"],
    "standard/one_scan_judged_by_sender": ["OR yes 11-20T15:00 offset"],
    "ups/manifest_before_its_gmt": ["MP no 11-20T09:15 local"],
    "ups/manifest_processed": ["DP no 11-20T14:30 offset"],
    "ups/departure": ["DP yes 11-21T03:30 offset"],
    "ups/origin": ["OR yes 11-21T00:02 offset"],
    "ups/label_or_trailer": ["OC ambiguous 11-21T00:02 offset"],
    "ups/delivered_without_description_code": ["KB yes 11-22T16:59 offset"],
    "ups/offset_instead_of_gmt": ["AR yes 11-21T11:00 offset"],
    "ups/code_nobody_knows": ["ZQ ambiguous 11-21T11:00 offset"],
    "ups/code_nobody_knows_but_described": ["ZQ yes 11-21T11:00 offset"],
    "ups/answer_of_the_api": [
        "KB yes 11-22T17:59 offset",
        "OR yes 11-21T00:02 offset",
        "MP no 11-20T06:15 local",
    ],
    "fedex/predictions_are_no_scans": [
        "AO no 11-21T01:15 offset",
        "AE no 11-21T00:00 offset",
        "PU yes 11-20T22:45 offset",
        "OC no 11-20T15:05 offset",
    ],
    "fedex/number_used_twice": ["DL yes 03-02T17:00 offset", "PU yes 11-20T00:00 date"],
    "fedex/flat_without_events": ["DL yes 11-22T16:30 offset"],
    "fedex/number_not_found": [],
    "fedex/derived_codes_alone": [
        "OD yes 11-22T15:00 offset",
        "IT no 11-21T16:00 offset",
        "IT yes 11-21T15:00 offset",
        "IT ambiguous 11-21T14:00 offset",
        "IN no 11-20T15:00 offset",
    ],
    "usps/label_partner_acceptance": [
        "NT no 11-21T08:00 local",
        "03 yes 11-20T23:20 offset",
        "82 ambiguous by partner 11-20T20:00 offset",
        "80 ambiguous by partner 11-20T17:00 offset",
        "TM ambiguous 11-20T22:00 offset",
        "GX no 11-19T21:00 offset",
        "MA no 11-21T02:00 reported",
    ],
    "usps/local_time_only": ["OA yes 11-20T18:20 local"],
    "usps/delivered_without_events": ["Delivered yes 11-21T02:00 reported"],
    "usps/label_cancelled": ["GC no 11-20T23:20 offset"],
    "usps/gmt_with_the_local_date": ["10 yes 11-21T09:44 offset", "03 yes 11-21T02:26 offset"],
    "usps/without_codes": [
        "USPS in possession of item yes 11-20T18:26 local",
        "Shipping Label Created, USPS Awaiting Item no 11-19T13:00 local",
        "Something else ambiguous 11-19T14:00 local",
    ],
    "dhl/push_express": [
        "SA ambiguous 11-20T08:00 offset",
        "PU yes 11-20T17:00 local",
        "AF yes 11-21T05:10 offset",
    ],
    "dhl/push_contradicts_itself": ["DELIVERED no 11-20T09:00 local"],
    "dhl/push_parcel_nl_nothing_picked_up": [
        "NOTHING_PICKED_UP no 11-20T17:00 offset",
        "PARCEL_SORTED yes 11-21T01:00 offset",
    ],
    "dhl/push_ecommerce_by_text": [
        "LABEL CREATED no 11-20T10:02 local",
        "EN ROUTE TO DHL ECOMMERCE OR AWAITING PROCESSING no 11-20T14:11 local",
        "PACKAGE RECEIVED AT DHL ECOMMERCE DISTRIBUTION CENTER yes 11-21T19:25 local",
        "PROCESSED ambiguous 11-22T01:10 local",
        "DEPARTURE ORIGIN DHL ECOMMERCE FACILITY yes 11-22T14:27 local",
    ],
    "dhl/push_parcel_de_in_german": [
        "DIE SENDUNG WURDE VOM ABSENDER IN DER FILIALE EINGELIEFERT. yes 11-20T16:14 local",
        "DIE SENDUNG WURDE ELEKTRONISCH ANGEKÜNDIGT. no 11-20T16:18 local",
        "DIE SENDUNG KONNTE NICHT GELADEN WERDEN. ambiguous 11-22T08:36 local",
        "DIE SENDUNG WURDE IN DAS ZUSTELLFAHRZEUG GELADEN. yes 11-23T08:36 local",
    ],
    "dhl/ecommerce_americas": [
        "200 yes 11-21T08:04 offset",
        "461 ambiguous by partner 11-20T11:00 local",
        "400 no 11-19T14:00 offset",
    ],
    "dhl/validate": [],
    "easypost/usps_acceptance_as_status_update": [
        "GX no 11-19T16:00 offset",
        "received_at_origin_facility ambiguous by partner 11-20T17:00 offset",
        "03 yes 11-20T23:20 offset",
    ],
    "easypost/fedex_pickup_and_prediction": [
        "OC no 11-20T15:05 offset",
        "PU yes 11-20T22:45 offset",
        "AO no 11-21T01:15 offset",
    ],
    "easypost/ups_manifest_and_departure": [
        "DP no 11-20T15:00 offset",
        "DP yes 11-21T03:30 offset",
    ],
    "easypost/surepost_by_usps": ["OF yes by partner 11-23T14:00 offset"],
    "easypost/old_shape_by_text": [
        "pre_transit no 11-20T14:24 offset",
        "in_transit yes 11-20T20:48 offset",
    ],
    "easypost/batch": [],
    "easypost/detail_unknown": [
        "3000 no 11-19T21:00 offset",
        "0100 yes 11-20T18:00 offset",
        "9000 ambiguous by partner 11-21T08:45 offset",
        "1441 yes 11-22T16:35 offset",
    ],
    "shippo/accepted": [
        "information_received no 11-19T21:00 offset",
        "package_accepted yes 11-20T23:20 offset",
    ],
    "shippo/unknown_means_electronic": ["UNKNOWN no 11-20T15:00 offset"],
    "shippo/delivered_contradicts_itself": ["information_received no 11-22T17:00 offset"],
    "shippo/bare_transit_by_text": [
        "TRANSIT yes 11-21T03:00 offset",
        "TRANSIT ambiguous 11-21T09:00 offset",
        "TRANSIT ambiguous by partner 11-20T03:00 offset",
    ],
    "shippo/transaction": [],
    "aftership/partner_then_acceptance": [
        "InfoReceived_001 no 11-19T16:00 local",
        "InTransit_001 ambiguous by partner 11-20T15:00 local",
        "InTransit_002 yes 11-20T18:20 local",
        "InTransit_001 no 11-21T08:00 local",
    ],
    "aftership/delivered_without_checkpoints": ["Delivered_001 yes 11-22T11:59 local"],
    "aftership/info_received_only": ["InfoReceived_001 no 11-22T00:00 reported"],
    "aftership/own_code_of_the_carrier": [
        "InTransit_001 yes 11-20T17:45 local",
        "InTransit_001 no 11-20T20:15 local",
    ],
    "aftership/last_checkpoint_alone": ["Delivered_001 yes 11-22T18:19 offset"],
    "shipengine/usps_label_called_accepted": ["GX no 11-19T21:00 offset"],
    "shipengine/usps_acceptance": [
        "NT no 11-21T08:00 offset",
        "03 yes 11-20T23:20 offset",
        "GX no 11-19T21:00 offset",
    ],
    "shipengine/fedex_pickup": [
        "PICKED_UP yes 11-20T22:45 offset",
        "IN_TRANSIT ambiguous 11-20T23:00 offset",
    ],
    "shipengine/bare_not_yet_in_system": [],
    "shipengine/delivered_without_events": ["D yes 11-22T11:59 local"],
    "shipengine/carrier_in_the_path": [
        "text:delivered yes 11-22T17:45 offset",
        "text:awaiting item no 11-19T21:00 offset",
    ],
    "shipengine/carrier_by_the_number": ["OR yes 11-21T00:02 offset"],
    "shipengine/ups_codes_under_their_types": [
        "D yes 11-22T17:06 offset",
        "DP yes 11-21T03:30 offset",
        "I ambiguous 11-20T23:00 offset",
        "DP no 11-20T15:00 offset",
        "M no 11-20T14:00 offset",
    ],
    "17track/null_stage_by_text": [
        "text:arrived at yes 11-21T11:00 offset",
        "text:origin scan yes 11-21T00:02 offset",
        "InfoReceived no 11-20T14:15 offset",
        "text ambiguous 11-21T12:00 offset",
    ],
    "17track/two_providers": [
        "InTransit_PickedUp yes 11-20T01:15 offset",
        "Delivered_Other yes 12-01T10:00 local",
    ],
    "17track/stopped": [],
    "17track/known_beside_track_info": [
        "text:arrived at yes 11-21T11:00 offset",
        "text:origin scan yes 11-21T00:02 offset",
        "InfoReceived no 11-20T14:15 offset",
    ],
    "trackingmore/origin_and_destination": [
        "transit002 yes 11-22T10:00 local",
        "notfound001 no 11-20T00:00 offset",
        "transit001 ambiguous 11-21T12:00 local",
        "pickup001 yes by partner 12-01T17:00 offset",
    ],
    "trackingmore/version_2": ["transit yes 11-21T05:41 local", "notfound001 no 11-20T06:15 local"],
    "ship24/last_mile_has_its_own_number": [
        "in_transit yes 11-28T12:00 local",
        "in_transit ambiguous 11-21T12:00 local",
        "data_order_created no 11-20T12:00 local",
        "delivery_delivered yes 12-01T20:00 offset",
        "delivery_out_for_delivery yes 11-30T00:00 date",
    ],
    "ship24/tracker_only": [],
    "amazon/event_history": [
        "ReadyForReceive no 11-19T20:00 offset",
        "PickupDone yes 11-20T18:00 offset",
        "ReturnInitiated no 11-25T18:00 offset",
    ],
    "amazon/milestones": [
        "ORDER_PREPARING no 11-19T20:00 offset",
        "SHIPPED ambiguous 11-20T10:00 offset",
        "OUT_FOR_DELIVERY yes 11-20T20:00 reported",
    ],
    "amazon/no_events_yet": [],
    "amazon/number_beside_the_event": ["PickupDone yes 11-20T18:00 offset"],
}


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
