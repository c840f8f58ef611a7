"""The sources of scans, each in a module of its own that is imported when it is asked for."""

from importlib import import_module
from typing import cast

from vtr.domain.errors import SourceNotFoundError
from vtr.sources.shared.base import Source

_MODULES = {
    "standard": "standard",
    "ups": "ups",
    "fedex": "fedex",
    "usps": "usps",
    "dhl": "dhl",
    "easypost": "easypost",
    "shippo": "shippo",
    "aftership": "aftership",
    "shipengine": "shipengine",
    "17track": "track17",
    "trackingmore": "trackingmore",
    "ship24": "ship24",
    "amazon": "amazon",
}

SOURCES = tuple(_MODULES)


def source(name: str) -> Source:
    """Return the source called *name*, importing its module alone: imports are the cold start."""
    if name not in _MODULES:
        raise SourceNotFoundError(
            f"There is no source {name[:64]!r}. The sources are {', '.join(SOURCES)}."
        )
    return cast("Source", import_module(f"vtr.sources.{_MODULES[name]}").SOURCE)
