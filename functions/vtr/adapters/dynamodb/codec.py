"""Encode domain objects as JSON and back. Default values are left out: bytes cost money."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, TypeVar
from zlib import compress, decompress

import msgspec

from vtr.domain.carriers.families import family_of
from vtr.domain.evidence import Evidence, Period, PeriodKey, Retraction
from vtr.domain.packages import Confirmation, PackageKey, ParcelKey, Statement
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts
from vtr.domain.retention import ARCHIVE_MARGIN, EndedPackage, expires_at
from vtr.domain.verdict import Reason, Verdict

T = TypeVar("T")
_Counts = dict[str, dict[Reason, int]]


class _Evidence(msgspec.Struct):
    """Evidence as it is stored: JSON has no two-part keys, so the periods are pairs."""

    periods: list[tuple[PeriodKey, Period]] = []
    retractions: list[Retraction] = []
    numbers: list[str] = []
    held_by_other: bool = False

    def evidence(self) -> Evidence:
        return Evidence(
            periods=dict(self.periods),
            retractions=frozenset(self.retractions),
            numbers=frozenset(self.numbers),
            held_by_other=self.held_by_other,
        )


class _EndedPackage(msgspec.Struct):
    confirmation: Confirmation
    history: tuple[Statement, ...]
    verdict: Verdict
    evidence: _Evidence


class _Parcel(msgspec.Struct):
    evidence: _Evidence
    claims: list[msgspec.Raw] = []
    withdrawn: list[tuple[PackageKey, int]] = []


class _Claims(Mapping[PackageKey, Confirmation]):
    """A parcel's claims, decoded on first use: those who read many parcels use none."""

    def __init__(self, stored: list[msgspec.Raw]) -> None:
        self._stored = stored

    @cached_property
    def _by_key(self) -> dict[PackageKey, Confirmation]:
        claims = (_DECODERS[Confirmation].decode(text) for text in self._stored)
        return {claim.key: claim for claim in claims}

    def __getitem__(self, key: PackageKey) -> Confirmation:
        return self._by_key[key]

    def __iter__(self) -> Iterator[PackageKey]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._stored)


def dump_end(kept_until: date | None) -> int | None:
    """Return the expiration, in seconds since the epoch, of what is kept until a day."""
    return None if kept_until is None else int(expires_at(kept_until).timestamp())


def load_end(item: Mapping[str, Mapping[str, Any]]) -> date | None:
    """Return the day until which an item is kept; None for one from before they expired."""
    if "expiration" not in item:
        return None
    expires = datetime.fromtimestamp(int(item["expiration"]["N"]), UTC)
    return (expires - ARCHIVE_MARGIN).date()


def dump(value: Any) -> str:
    return msgspec.json.encode(_compact(value)).decode()


def load(text: str, kind: type[T]) -> T:
    loaded: T = _DECODERS[kind].decode(text)
    return loaded


def load_ended_package(text: bytes) -> EndedPackage:
    stored = _DECODERS[_EndedPackage].decode(text)
    return EndedPackage(
        confirmation=stored.confirmation,
        history=stored.history,
        verdict=stored.verdict,
        evidence=stored.evidence.evidence(),
    )


def dump_parcel(parcel: Parcel) -> str:
    stored: dict[str, Any] = {
        "evidence": parcel.evidence,
        "claims": tuple(parcel.claims.values()),
    }
    if parcel.withdrawn:
        stored["withdrawn"] = list(parcel.withdrawn.items())
    return dump(stored)


def load_parcel(text: str, key: ParcelKey, version: int) -> Parcel:
    stored = load(text, _Parcel)
    return Parcel(
        key=key,
        evidence=stored.evidence.evidence(),
        claims=_Claims(stored.claims),
        withdrawn=dict(stored.withdrawn),
        version=version,
    )


def load_former_parcel(text: str, key: ParcelKey, version: int, carrier: str) -> Parcel:
    """Load a parcel of the time when its key began with the *carrier* that it went by."""
    parcel = load_parcel(text, key, version)
    return replace(parcel, evidence=_by_family(parcel.evidence, carrier))


def load_evidence(text: str, carrier: str) -> Evidence:
    """Load a row's evidence; *carrier* is the parcel's, where the evidence does not name it."""
    evidence = load(text, _Evidence).evidence()
    named = all(key.family for key in evidence.periods)
    return evidence if named else _by_family(evidence, carrier)


def _by_family(evidence: Evidence, carrier: str) -> Evidence:
    """Evidence of the time when its periods named a carrier, and the parcel's own by nothing."""
    periods: dict[PeriodKey, Period] = {}
    for key, period in evidence.periods.items():
        named = key._replace(family=family_of(key.family or carrier))
        periods[named] = period.merge(periods[named]) if named in periods else period
    return replace(evidence, periods=periods)


def dump_counts(counts: Any) -> bytes:
    """Encode and compress counts: they repeat a few words, so they shrink, and cost, to a fifth."""
    return compress(msgspec.json.encode(counts))


def load_counts(packed: bytes) -> DayCounts:
    counts: DayCounts = _DECODERS[_Counts].decode(decompress(packed))
    return counts


def dump_days(days: Mapping[date, DayCounts]) -> bytes:
    """Encode and compress the counts of days, category by category.

    So a category's name stands there once. Day by day, many long names lie further apart than the
    compression looks back, and the item would not hold them.
    """
    by_category: dict[str, dict[date, Mapping[Reason, int]]] = {}
    for day, counts in days.items():
        for category, reasons in counts.items():
            by_category.setdefault(category, {})[day] = reasons
    return dump_counts((list(days), by_category))


def load_days(packed: bytes) -> Mapping[date, DayCounts]:
    text = decompress(packed)
    if text.startswith(b"{"):  # as they were stored, day by day, before 2026-11-30
        days: Mapping[date, DayCounts] = _DECODERS[dict[date, _Counts]].decode(text)
        return days
    kind = tuple[list[date], dict[str, dict[date, dict[Reason, int]]]]
    kept, by_category = _DECODERS[kind].decode(text)
    found: dict[date, dict[str, Mapping[Reason, int]]] = {day: {} for day in kept}
    for category in sorted(by_category):
        for day, reasons in by_category[category].items():
            found[day][category] = reasons
    return found


class _Decoders(dict[Any, msgspec.json.Decoder[Any]]):
    """One decoder per type, created on first use: creating one costs more than a hundred uses."""

    def __missing__(self, kind: Any) -> msgspec.json.Decoder[Any]:
        return self.setdefault(kind, msgspec.json.Decoder(kind))


_DECODERS = _Decoders()


def _compact(value: Any) -> Any:
    """Return the value with each dataclass as a mapping of its non-default fields."""
    if isinstance(value, Evidence):
        compact = {
            "periods": [(key, _compact(period)) for key, period in value.periods.items()],
            "retractions": sorted(value.retractions),
            "numbers": sorted(value.numbers),
            "held_by_other": value.held_by_other,
        }
        return {name: found for name, found in compact.items() if found}
    if is_dataclass(value):
        return {
            name: _compact(found)
            for name, default in _DEFAULTS[type(value)]
            if (found := getattr(value, name)) != default
        }
    if isinstance(value, Mapping):
        return {key: _compact(one) for key, one in value.items()}
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return [_compact(one) for one in value]
    return value


class _Defaults(dict[type, tuple[tuple[str, Any], ...]]):
    """The fields of each dataclass with their defaults."""

    def __missing__(self, kind: Any) -> tuple[tuple[str, Any], ...]:
        found = tuple(
            (one.name, one.default_factory() if one.default_factory is not MISSING else one.default)
            for one in fields(kind)
        )
        return self.setdefault(kind, found)


_DEFAULTS = _Defaults()
