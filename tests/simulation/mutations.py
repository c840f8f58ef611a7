"""Faults to put into the code, one at a time (docs/simulation.md has the list)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simulation.stage import CROWDED, LOSSY, FifoRecounts, Weather
from vtr.adapters.memory.stores import MemoryOrders, MemoryPackages, MemoryParcels, MemoryRates
from vtr.domain import (
    evidence,
    number_reuse,
    packages,
    policies,
    retention,
    scan_owners,
    seller_messages,
)
from vtr.domain.evidence import NO_EVIDENCE, Evidence, Retraction
from vtr.domain.number_reuse import NumberUse
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Package, PackageRow, RowKey
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Policy
from vtr.domain.rates import DayCounts, add_counts
from vtr.ports.queues import Recount
from vtr.ports.rates import BucketCount
from vtr.use_cases import (
    ended_orders,
    erase_order,
    judge,
    policy_in_force,
    project,
    record_scans,
    recount,
    roll_over_days,
    submit,
)
from vtr.use_cases.change_parcel import change_parcel

Mutation = Callable[[pytest.MonkeyPatch], None]


# --- what is written


def counts_are_added_to(patch: pytest.MonkeyPatch) -> None:
    def put_bucket(
        self: MemoryRates, key: BucketKey, counts: DayCounts, counted_from: datetime, _: date
    ) -> None:
        known = self.bucket(key)
        total = add_counts([known.counts, counts]) if known else counts
        self._buckets[key.account][key] = BucketCount(total, counted_from)

    patch.setattr(MemoryRates, "put_bucket", put_bucket)


def orders_are_written_whatever_was_read(patch: pytest.MonkeyPatch) -> None:
    def save(self: MemoryOrders, order: Order) -> Order:
        saved = replace(order, version=order.version + 1)
        self._orders[order.account, order.order_id] = saved
        return saved

    patch.setattr(MemoryOrders, "save", save)


def parcels_are_written_whatever_was_read(patch: pytest.MonkeyPatch) -> None:
    def save(self: MemoryParcels, parcel: Parcel) -> Parcel:
        self._parcels[parcel.key] = replace(parcel, version=parcel.version + 1)
        return self._parcels[parcel.key]

    patch.setattr(MemoryParcels, "save", save)


def rows_are_written_over_later_ones(patch: pytest.MonkeyPatch) -> None:
    def put(self: MemoryPackages, row: PackageRow) -> None:
        self._buckets[row.key.bucket][row.key] = row

    patch.setattr(MemoryPackages, "put", put)


def evidence_is_overwritten(patch: pytest.MonkeyPatch) -> None:
    def scanned(parcel: Parcel, found: Evidence) -> Parcel:
        return replace(parcel, evidence=found)

    patch.setattr(Parcel, "scanned", scanned)


def moved_packages_leave_no_tombstone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(project, "_write_tombstones", lambda *_: set())


def old_parcels_keep_the_claim(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(project, "_leave_old_parcels", lambda *_, **__: set())


def no_claim_is_left(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Parcel, "claimed", lambda parcel, _: parcel)


# --- what is read


def a_claim_does_not_read_the_evidence(patch: pytest.MonkeyPatch) -> None:
    update = project.update_parcel

    def blind(*args: Any, **options: Any) -> tuple[Parcel, set[BucketKey]]:
        parcel, buckets = update(*args, **options)
        return replace(parcel, evidence=NO_EVIDENCE), buckets

    patch.setattr(project, "update_parcel", blind)


def scans_do_not_read_the_claims(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(project, "put_changed_rows", lambda *_, **__: set())


def stale_refusals_are_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(submit, "VtrError", ())


def delivered_packages_may_be_edited(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(submit, "_refuse_after_delivery", lambda *_: None)


# --- what is done a second time


def a_redelivery_repairs_nothing(patch: pytest.MonkeyPatch) -> None:
    update = project.update_parcel

    def once(*args: Any, **options: Any) -> tuple[Parcel, set[BucketKey]]:
        return update(*args, **{**options, "repeated": False})

    patch.setattr(record_scans, "update_parcel", once)


def a_resubmission_repairs_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(project, "repair_rows", lambda _, rows, __: {row.key.bucket for row in rows})


def a_repair_passes_over_missing_rows(patch: pytest.MonkeyPatch) -> None:
    repair = project.repair_rows

    def only_known(ports: Any, rows: Any, now: datetime) -> set[BucketKey]:
        return repair(ports, [row for row in rows if ports.packages.get(row.key)], now)

    patch.setattr(project, "repair_rows", only_known)


def its_own_effect_is_taken_for_anothers(patch: pytest.MonkeyPatch) -> None:
    change = change_parcel

    def changed(
        ports: Any, key: Any, by: Callable[[Parcel], Parcel], **how: Any
    ) -> tuple[Parcel, Parcel]:
        found: list[Parcel] = []

        def noted(parcel: Parcel) -> Parcel:
            found.append(parcel)
            return by(parcel)

        before, after = change(ports, key, noted, **how)
        return (after, after) if by(found[-1]) == found[-1] else (before, after)

    patch.setattr(project, "change_parcel", changed)


def reconcile_is_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recount, "find_drift", lambda *_: ())


def reasons_are_not_settled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recount, "_may_be_behind", lambda _, __: False)


def a_recount_does_not_wait_for_its_slot_to_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("simulation.stage.DELAY", timedelta(0))


# --- what is erased


def erased_claims_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(erase_order, "_withdraw", lambda *_: set())
    patch.setattr(erase_order, "_forget", lambda *_: None)


def erased_buckets_are_not_recounted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(erase_order, "Recount", lambda bucket: Recount(bucket._replace(shard=99)))


def erased_rows_leave_no_tombstone(patch: pytest.MonkeyPatch) -> None:
    def delete(ports: Any, _: Any, __: Any, row: RowKey) -> None:
        ports.packages.delete(row)

    patch.setattr(erase_order, "_write_tombstone", delete)


def an_order_is_forgotten_while_others_write_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("simulation.player.WRITERS_END", timedelta(0))


def what_is_being_erased_may_be_confirmed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(submit, "_require_not_being_erased", lambda _: None)


# --- the rules


def the_time_of_a_scan_is_never_in_doubt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evidence, "DOUBT", dict.fromkeys(evidence.DOUBT, timedelta(0)))


def scans_happen_when_they_are_told(patch: pytest.MonkeyPatch) -> None:
    record = record_scans.record_scans

    def as_told(ports: Any, scans: Any, now: datetime, *, repeated: bool) -> None:
        told = [replace(scan, occurred_at=now) for scan in scans]
        record(ports, told, now, repeated=repeated)

    patch.setattr("simulation.player.record_scans", as_told)


def retractions_are_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Retraction, "takes_back", lambda *_: False)


def a_number_has_one_life(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(number_reuse, "_runs", lambda periods, _: [sorted(periods)])


def confirmed_since_the_first_statement(patch: pytest.MonkeyPatch) -> None:
    since = property(lambda package: package.history[0].confirmed_at)
    patch.setattr(Package, "tracking_confirmed_at", since)


def days_turn_in_utc(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Policy, "day_of", lambda _, moment: moment.date())


def days_end_in_utc(patch: pytest.MonkeyPatch) -> None:
    def end_of(day: date, _: ZoneInfo) -> datetime:
        return datetime.combine(day + timedelta(days=1), time.min, UTC)

    patch.setattr(policies, "_end_of", end_of)


def sisters_are_strangers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scan_owners, "families_named", lambda code, _="": frozenset({code}))
    patch.setattr(evidence, "family_of", lambda code: code)


def a_hand_over_is_not_seen_in_the_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scan_owners, "shows_handover", lambda *_: False)


def every_other_carrier_is_a_partner(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scan_owners, "shows_handover", lambda *_: True)


def what_others_scanned_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scan_owners, "is_carrier", lambda _: False)


def a_carrier_that_nobody_knows_is_another_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scan_owners, "is_carrier", lambda _: True)
    patch.setattr(seller_messages, "_name", lambda code: code or "")


def a_number_is_tracked_as_it_was_scanned(patch: pytest.MonkeyPatch) -> None:
    packages.parcel_of.cache_clear()
    patch.setattr(packages, "canonical_number", lambda number, _: number)


def the_numbers_of_a_parcel_are_strangers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(record_scans, "_numbers_of", lambda *_: frozenset())


def what_one_number_knows_stays_with_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(record_scans, "_pass_on", lambda *_: None)


def the_last_event_is_never_in_doubt(patch: pytest.MonkeyPatch) -> None:
    use = number_reuse._use  # noqa: SLF001 - the rule itself is what is broken

    def certain(*args: Any) -> NumberUse:
        found = use(*args)
        marks = [
            mark.at for mark in (*found.physical, *([found.delivered] if found.delivered else []))
        ]
        return found._replace(last_event_at=max([found.first_scan_at, *marks]))

    patch.setattr(number_reuse, "_use", certain)


# --- how it ends


def days_end_a_day_early(patch: pytest.MonkeyPatch) -> None:
    ends_on = retention.ends_on
    patch.setattr(retention, "ends_on", lambda day, rules: ends_on(day, rules) - timedelta(days=1))


def rows_expire_a_day_early(patch: pytest.MonkeyPatch) -> None:
    kept_until = retention.kept_until
    patch.setattr(
        judge, "kept_until", lambda claim, rules: kept_until(claim, rules) - timedelta(days=1)
    )


def rows_never_expire(patch: pytest.MonkeyPatch) -> None:
    judge_row = judge.judge

    def endless(*args: Any) -> PackageRow:
        return replace(judge_row(*args), kept_until=None)

    patch.setattr(project, "judge", endless)


def a_shard_is_not_archived(patch: pytest.MonkeyPatch) -> None:
    def but_the_second(recount: Recount) -> bool:
        return recount.archive and recount.bucket.shard > 0

    send = FifoRecounts.send

    def send_others(self: FifoRecounts, recounts: Iterable[Recount]) -> None:
        send(self, [each for each in recounts if not but_the_second(each)])

    patch.setattr(FifoRecounts, "send", send_others)


def a_night_that_failed_is_not_made_up_for(patch: pytest.MonkeyPatch) -> None:
    def in_the_last_night(ports: Any, account: Any, now: datetime, _: int) -> list[date]:
        return policy_in_force.days_ended(ports, account, now, 1)

    patch.setattr(roll_over_days, "days_ended", in_the_last_night)


def holds_are_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        ended_orders,
        "kept_until",
        lambda claim, rules: retention.ends_on(rules.anchor_day(claim), rules),
    )


def ended_packages_may_be_edited(patch: pytest.MonkeyPatch) -> None:
    for check in ("require_kept", "require_open", "_refuse_after_end"):
        patch.setattr(submit, check, lambda *_: None)


def evidence_falls_away_whoever_reads_it(patch: pytest.MonkeyPatch) -> None:
    def by_its_age(_: Parcel, found: Evidence, months: int, now: datetime) -> Evidence:
        return found.since(retention.first_period(now.date(), months))

    patch.setattr(Parcel, "readable", by_its_age)


MUTATIONS: tuple[Mutation, ...] = (
    counts_are_added_to,
    orders_are_written_whatever_was_read,
    parcels_are_written_whatever_was_read,
    rows_are_written_over_later_ones,
    evidence_is_overwritten,
    moved_packages_leave_no_tombstone,
    old_parcels_keep_the_claim,
    no_claim_is_left,
    a_claim_does_not_read_the_evidence,
    scans_do_not_read_the_claims,
    stale_refusals_are_believed,
    delivered_packages_may_be_edited,
    a_redelivery_repairs_nothing,
    a_resubmission_repairs_nothing,
    a_repair_passes_over_missing_rows,
    its_own_effect_is_taken_for_anothers,
    reconcile_is_off,
    reasons_are_not_settled,
    a_recount_does_not_wait_for_its_slot_to_end,
    erased_claims_stay,
    erased_buckets_are_not_recounted,
    erased_rows_leave_no_tombstone,
    an_order_is_forgotten_while_others_write_it,
    what_is_being_erased_may_be_confirmed,
    the_time_of_a_scan_is_never_in_doubt,
    scans_happen_when_they_are_told,
    retractions_are_ignored,
    a_number_has_one_life,
    confirmed_since_the_first_statement,
    days_turn_in_utc,
    days_end_in_utc,
    sisters_are_strangers,
    a_hand_over_is_not_seen_in_the_number,
    every_other_carrier_is_a_partner,
    what_others_scanned_is_passed_over,
    a_carrier_that_nobody_knows_is_another_one,
    a_number_is_tracked_as_it_was_scanned,
    the_numbers_of_a_parcel_are_strangers,
    what_one_number_knows_stays_with_it,
    the_last_event_is_never_in_doubt,
    days_end_a_day_early,
    rows_expire_a_day_early,
    rows_never_expire,
    a_shard_is_not_archived,
    a_night_that_failed_is_not_made_up_for,
    holds_are_ignored,
    ended_packages_may_be_edited,
    evidence_falls_away_whoever_reads_it,
)

SHOWN_IN: dict[Mutation, Weather] = {
    orders_are_written_whatever_was_read: CROWDED,
    parcels_are_written_whatever_was_read: CROWDED,
    rows_are_written_over_later_ones: CROWDED,
    stale_refusals_are_believed: CROWDED,
    its_own_effect_is_taken_for_anothers: LOSSY,
    erased_rows_leave_no_tombstone: CROWDED,
    an_order_is_forgotten_while_others_write_it: CROWDED,
}
"""The weather for faults that show only where processes race or where responses are lost."""
