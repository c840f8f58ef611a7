"""Packages of long ago, as the tables have them when their day has ended."""

from dataclasses import replace
from datetime import date

from integration.deployment import Deployment
from integration.requests import SHIPPED
from vtr.domain.packages import BucketKey


def count_on(vtr: Deployment, day: date) -> None:
    """Put the rows of the packages that were shipped on a day of long ago, too."""
    ports = vtr.aws.ports()
    for row in ports.packages.page(BucketKey("acme", SHIPPED)).rows:
        key = row.key._replace(bucket=BucketKey("acme", day))
        ports.packages.put(
            replace(row, key=key, confirmation=replace(row.confirmation, ship_date=day))
        )
