"""Every item that is to end says when, in the attribute that DynamoDB is told of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3

from contract.builders import BUCKET, DAY, NOW, UPS_NUMBER, counts, order, parcel, row
from contract.worlds import AwsWorld
from vtr.domain.reports import Report
from vtr.ports import Ports
from vtr.ports.rates import DaySums

KEPT = date(2027, 11, 21)
EXPIRES = str(int((datetime(2027, 11, 21, tzinfo=UTC) + timedelta(days=30)).timestamp()))
REPORT = Report(id="r1", account="acme", first_day=DAY, last_day=DAY, requested_at=NOW)


def items(table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = boto3.client("dynamodb").scan(TableName=f"vtr-{table}")["Items"]
    return found


def test_orders_parcels_rows_and_counts_expire_a_month_after_their_end(aws_world: AwsWorld) -> None:
    ports = aws_world.ports
    ports.orders.save(order(kept_until=KEPT))
    ports.parcels.save(parcel(kept_until=KEPT))
    ports.packages.put(replace(row(), kept_until=KEPT))
    ports.rates.put_bucket(BUCKET, counts(), NOW, KEPT)
    for table in ("OrdersTable", "ParcelsTable", "PackagesTable", "RatesTable"):
        (item,) = items(table)
        assert item["expiration"] == {"N": EXPIRES}, table
        assert "2027-11-21" not in str(item)


def test_a_report_expires_a_month_after_its_document_and_the_rate_never(
    aws_world: AwsWorld,
) -> None:
    aws_world.ports.reports.save(REPORT)
    (item,) = items("RatesTable")
    assert int(item["expiration"]["N"]) == int((NOW + timedelta(days=60)).timestamp())
    aws_world.ports.rates.put_days("acme", DaySums({DAY: counts()}))
    (rate,) = [item for item in items("RatesTable") if item["sk"] == {"S": "RATE#current"}]
    assert "expiration" not in rate


def test_an_end_is_read_back(ports: Ports) -> None:
    ports.orders.save(order(kept_until=KEPT))
    ports.parcels.save(parcel(kept_until=KEPT))
    ports.packages.put(replace(row(), kept_until=KEPT))
    found = ports.orders.get("acme", "114-1")
    assert found is not None
    assert found.kept_until == KEPT
    assert ports.orders.get_many([("acme", "114-1")])["acme", "114-1"].kept_until == KEPT
    assert ports.parcels.get(UPS_NUMBER).kept_until == KEPT
    assert ports.parcels.get_many([UPS_NUMBER])[UPS_NUMBER].kept_until == KEPT
    assert ports.packages.page(BUCKET).rows[0].kept_until == KEPT


def test_an_item_from_before_there_was_an_end_has_none(aws_world: AwsWorld) -> None:
    aws_world.ports.orders.save(order())
    found = aws_world.ports.orders.get("acme", "114-1")
    assert found is not None
    assert found.kept_until is None
    (item,) = items("OrdersTable")
    assert "expiration" not in item
