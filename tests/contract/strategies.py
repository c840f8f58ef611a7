"""Anything that the domain can hold, for round trips."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from vtr.domain.evidence import Evidence, Mark, Period, PeriodKey, Retraction
from vtr.domain.orders import Order, OrderFacts
from vtr.domain.packages import (
    BucketKey,
    Confirmation,
    Money,
    Package,
    ParcelKey,
    RowKey,
    Statement,
)
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts
from vtr.domain.verdict import Reason

ids = st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True)
accounts = st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True)
texts = st.text(max_size=40)
categories = st.text(
    st.characters(exclude_characters="#", exclude_categories=("Cc", "Cs")), min_size=1, max_size=64
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone comes with timezones
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
carriers = st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True)
numbers = st.from_regex(r"[0-9A-Z]{1,40}", fullmatch=True)
countries = st.none() | st.from_regex(r"[A-Z]{2}", fullmatch=True)
money = st.none() | st.builds(
    Money,
    amount=st.decimals(0, 10**9, places=2).map(abs) | st.just(Decimal("1E+3")),
    currency=st.from_regex(r"[A-Z]{3}", fullmatch=True),
)

buckets = st.builds(BucketKey, accounts, days, st.integers(0, 999))
row_keys = st.builds(RowKey, buckets, categories, ids, ids)
parcel_keys = st.builds(ParcelKey, numbers)

facts = st.builds(
    OrderFacts,
    placed_at=moments,
    category=categories,
    promised_delivery_date=st.none() | days,
    value=money,
    origin=countries,
    destination=countries,
)
statements = st.builds(
    Statement,
    confirmed_at=moments,
    carrier_stated=texts,
    carrier=st.none() | carriers,
    number_stated=texts,
    tracking_number=st.just("") | numbers,
    ship_date=days,
    method_class=st.sampled_from(["parcel", "letter", "freight"]),
    label_source=st.sampled_from(["seller", "marketplace"]),
)
packages = st.builds(
    Package,
    package_id=ids,
    shard=st.integers(0, 99),
    history=st.lists(statements, min_size=1, max_size=3).map(tuple),
    days=st.lists(days, max_size=3).map(tuple),
)
orders = st.builds(
    Order,
    account=accounts,
    order_id=ids,
    facts=facts,
    packages=st.dictionaries(ids, packages, max_size=3),
    cancelled_at=st.none() | moments,
)
claims = st.builds(
    Confirmation,
    account=accounts,
    policy=accounts,
    order_id=ids,
    package_id=ids,
    shard=st.integers(0, 99),
    revision=st.integers(0, 10**6),
    placed_at=moments,
    category=categories,
    carrier_stated=texts,
    carrier=st.none() | carriers,
    number_stated=texts,
    tracking_number=st.just("") | numbers,
    ship_date=days,
    confirmed_at=moments,
    promised_delivery_date=st.none() | days,
    value=money,
    origin=countries,
    cancelled_at=st.none() | moments,
)

marks = st.builds(Mark, moments, moments, texts)
periods = st.builds(
    Period,
    first_scan_at=moments,
    physical=st.lists(marks, max_size=2).map(tuple),
    partner=st.lists(marks, max_size=2).map(tuple),
    delivered=st.lists(marks, max_size=2).map(tuple),
)
families = st.sampled_from(["ups", "usps", "fedex"])
evidences = st.builds(
    Evidence,
    periods=st.dictionaries(st.builds(PeriodKey, texts, st.integers(0, 10**4), families), periods),
    retractions=st.frozensets(st.builds(Retraction, moments, texts), max_size=3),
    held_by_other=st.booleans(),
)
parcels = st.builds(
    Parcel,
    key=parcel_keys,
    evidence=evidences,
    claims=st.lists(claims, max_size=3).map(lambda found: {one.key: one for one in found}),
)
counts: st.SearchStrategy[DayCounts] = st.dictionaries(
    categories, st.dictionaries(st.sampled_from(Reason), st.integers(1, 10**6), max_size=5)
)
