"""Public prices with their dates, and the measured units of operations."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from vtr_cost import MEASURED

PRICES = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """``usd`` for ``per`` units. ``seen`` is when it was last compared with a public source."""

    service: str
    usd: float
    per: int
    unit: str
    page: str
    seen: date

    def of(self, quantity: float) -> float:
        return quantity / self.per * self.usd


@dataclass(frozen=True, slots=True)
class Units:
    """DynamoDB request units."""

    writes: float
    reads: float


@cache
def regions() -> Mapping[str, Mapping[str, Price]]:
    """Return the prices by name, by region."""
    text = tomllib.loads(PRICES.read_text("utf-8"))
    return {
        region: {name: Price(**price) for name, price in prices.items()}
        for region, prices in text.items()
    }


@cache
def operation(name: str) -> Units:
    """Return the units that an operation of ``docs/capacity.md`` was billed."""
    return Units(**json.loads(MEASURED.read_text("utf-8"))["operations"][name])


@cache
def log_bytes() -> Mapping[str, int]:
    """Return the bytes of log that each kind of work leaves behind when all goes well."""
    found: dict[str, int] = json.loads(MEASURED.read_text("utf-8"))["log_bytes"]
    return found


@cache
def item_bytes() -> Mapping[str, int]:
    """Return the size of each item that a package leaves behind, by the template's table names."""
    found: dict[str, int] = json.loads(MEASURED.read_text("utf-8"))["item_bytes"]
    return found
