"""The settings that a function reads from its environment."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

LONGEST_SLOT_SECONDS = 60
"""A queue forgets what it was sent after five minutes, and cooldowns are of up to four slots."""


class SettingsError(Exception):
    """The environment lacks a setting that the function needs, or has one that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Names of the deployed resources, empty where the function does not use one.

    ``recount_slot_seconds`` is the time within which a bucket is recounted at most once. The
    template's default stands here, too; the delay of the queue follows from it.
    """

    orders_table: str = ""
    parcels_table: str = ""
    packages_table: str = ""
    rates_table: str = ""
    accounts_table: str = ""
    transient_table: str = ""
    bucket: str = ""
    scans_queue_url: str = ""
    recounts_queue_url: str = ""
    reports_queue_url: str = ""
    source_secret_prefix: str = ""
    amazon_queue: str = ""
    recount_slot_seconds: int = 20

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read ``VTR_<FIELD>`` for every field that is set."""
        found: dict[str, Any] = {
            field.name: environ[name]
            for field in fields(cls)
            if (name := f"VTR_{field.name.upper()}") in environ
        }
        if (seconds := found.get("recount_slot_seconds")) is not None:
            found["recount_slot_seconds"] = _slot(seconds)
        return cls(**found)

    def need(self, *names: str) -> None:
        """Raise ``SettingsError`` with every one of these that is not set."""
        missing = [f"VTR_{name.upper()}" for name in names if not getattr(self, name)]
        if missing:
            raise SettingsError(f"the environment lacks {', '.join(missing)}")


def _slot(seconds: str) -> int:
    if not seconds.isdecimal() or not 1 <= int(seconds) <= LONGEST_SLOT_SECONDS:
        raise SettingsError(
            f"VTR_RECOUNT_SLOT_SECONDS must be whole seconds from 1 to {LONGEST_SLOT_SECONDS}, not "
            f"{seconds!r}. Deploy with another RecountSlotSeconds."
        )
    return int(seconds)
