"""What is written as a key or as text is read back as it was, whatever it holds."""

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contract import strategies as some
from vtr.adapters.dynamodb import codec, table_keys
from vtr.domain.evidence import Evidence
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Confirmation, ParcelKey, RowKey
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts


@given(st.lists(some.parcel_keys, min_size=2, max_size=2, unique=True))
def test_two_parcels_have_two_keys(pair: list[ParcelKey]) -> None:
    one, other = pair
    assert table_keys.parcel_pk(one) != table_keys.parcel_pk(other)


@given(some.row_keys)
def test_a_rows_key_is_read_back_in_its_bucket(key: RowKey) -> None:
    assert table_keys.row_key(key.bucket, table_keys.package_sk(key)) == key


@given(st.lists(some.buckets, min_size=2, max_size=2, unique=True))
def test_two_buckets_of_packages_have_two_keys(pair: list[BucketKey]) -> None:
    one, other = pair
    assert table_keys.package_pk(one) != table_keys.package_pk(other)


@given(some.buckets)
def test_a_buckets_key_is_read_back(bucket: BucketKey) -> None:
    assert table_keys.bucket_key(bucket.account, table_keys.bucket_sk(bucket)) == bucket


@given(st.lists(st.tuples(some.accounts, some.ids), min_size=2, max_size=2, unique=True))
def test_two_orders_have_two_keys(pair: list[tuple[str, str]]) -> None:
    one, other = pair
    assert table_keys.order_pk(*one) != table_keys.order_pk(*other)


@given(some.row_keys, some.row_keys)
def test_a_categorys_prefix_finds_its_rows_and_no_other(one: RowKey, other: RowKey) -> None:
    found = table_keys.package_sk(other).startswith(table_keys.category_prefix(one.category))
    assert found == (one.category == other.category)


@given(some.buckets, some.days, st.integers(0, 400))
def test_a_range_of_days_holds_their_buckets_and_no_other(
    bucket: BucketKey, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    low, high = table_keys.bucket_range(first, last)
    assert (low <= table_keys.bucket_sk(bucket) <= high) == (first <= bucket.day <= last)


@given(some.accounts, st.text(max_size=32))
def test_a_report_or_the_sum_is_in_no_range_of_days(account: str, report_id: str) -> None:
    low, high = table_keys.bucket_range(date.min, date.max)
    assert not low <= table_keys.report_sk(report_id) <= high
    assert not low <= table_keys.CURRENT_RATE <= high
    assert table_keys.account_pk(account) in {
        table_keys.accounts_pk(n) for n in range(table_keys.ACCOUNT_PARTS)
    }


@given(some.orders)
def test_an_order_is_read_back(order: Order) -> None:
    assert codec.load(codec.dump(order), Order) == order


@given(some.claims)
def test_a_claim_is_read_back(claim: Confirmation) -> None:
    assert codec.load(codec.dump(claim), Confirmation) == claim


@given(some.evidences)
def test_evidence_is_read_back(evidence: Evidence) -> None:
    assert codec.load_evidence(codec.dump(evidence), "ups") == evidence


@given(some.evidences)
def test_equal_evidence_is_one_text(evidence: Evidence) -> None:
    again = Evidence(
        periods=dict(sorted(evidence.periods.items())),
        retractions=frozenset(sorted(evidence.retractions, reverse=True)),
        held_by_other=evidence.held_by_other,
    )
    merged = again.merge(evidence)
    assert codec.dump(merged) == codec.dump(merged.merge(again))


@given(some.parcels, st.integers(0, 99))
def test_a_parcel_is_read_back(parcel: Parcel, version: int) -> None:
    read = codec.load_parcel(codec.dump_parcel(parcel), parcel.key, version)
    assert (read.evidence, read.claims) == (parcel.evidence, parcel.claims)
    assert (read.key, read.version) == (parcel.key, version)


@given(some.counts)
def test_counts_are_read_back(counts: DayCounts) -> None:
    assert codec.load_counts(codec.dump_counts(counts)) == counts


@given(st.dictionaries(some.days, some.counts, max_size=5))
def test_days_are_read_back(days: Mapping[date, DayCounts]) -> None:
    assert codec.load_days(codec.dump_days(days)) == days
    assert codec.load_days(codec.dump_counts(days)) == days  # as it was stored once


def test_what_equals_its_default_is_not_written() -> None:
    assert codec.dump(Evidence()) == "{}"
