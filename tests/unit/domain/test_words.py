"""The words of the domain that are stored, sent and told: they stay as they are.

Items in the tables, messages in the queues, API keys, policies and the programs of sellers have
them. Another word for the same would make what was written before unreadable.
"""

from enum import StrEnum

import pytest

from vtr.domain.accounts import KeyEvent, Scope
from vtr.domain.limits import Metered
from vtr.domain.policies import Anchor, PartnerScans, Sharing
from vtr.domain.rates import Status
from vtr.domain.reports import ReportStatus
from vtr.domain.scans import Milestone, Physical, PhysicalBy, TimeTrust
from vtr.domain.tracking_numbers.identify import FormCheck
from vtr.domain.tracking_numbers.normalise import Damage
from vtr.domain.verdict import Reason, State


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Scope, "submit read report operate"),
        (KeyEvent, "created replaced revoked"),
        (Metered, "requests lines reports"),
        (FormCheck, "well_formed other_carrier malformed not_checkable invalid_id"),
        (
            Damage,
            (
                "stray_spaces spreadsheet_exponent spreadsheet_decimal scanner_prefix "
                "several_numbers label_words lost_zeros lookalike_letters url too_long"
            ),
        ),
        (Status, "met missed too_few no_data"),
        (Anchor, "ship_date promised_delivery_date confirmed_at"),
        (Sharing, "allowed forbidden"),
        (PartnerScans, "none shown_by_number all"),
        (State, "valid pending unconfirmed exempt"),
        (
            Reason,
            (
                "EXEMPT WAIVED INVALID_ID CARRIER_UNKNOWN CARRIER_UNSUPPORTED REUSED_NUMBER "
                "UPLOADED_AFTER_DELIVERY VALID CARRIER_MISMATCH FORMAT_MISMATCH LABEL_ONLY "
                "INSUFFICIENT_SCANS NO_SCAN"
            ),
        ),
        (Physical, "yes no ambiguous"),
        (PhysicalBy, "carrier partner"),
        (TimeTrust, "offset local date reported"),
        (
            Milestone,
            (
                "label_created pickup_scheduled_or_cancelled partner_accepted partner_arrived "
                "partner_departed partner_processed accepted arrived departed in_transit customs "
                "out_for_delivery delivery_attempted available_for_pickup delivered "
                "return_initiated returning returned exception exception_damage_loss admin_update "
                "voided not_found unknown"
            ),
        ),
        (ReportStatus, "queued running done failed expired"),
    ],
)
def test_words_that_are_stored_or_sent_stay(kind: type[StrEnum], words: str) -> None:
    assert set(words.split()) <= set(kind)
