"""The API's description, stored next to this module, and what it says about routes."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from vtr.api.app import ApiApp
from vtr.domain.errors import MethodNotAllowedError, VtrError

_METHODS = ("get", "put", "post")


class DescribedApi(ApiApp):
    """The API whose description says which routes exist, and for which methods."""

    def no_route(self) -> VtrError:
        for path, allowed in _methods().items():
            if path.fullmatch(self.current_event.raw_path):
                method, taken = self.current_event.http_method, " or ".join(allowed)
                return MethodNotAllowedError(
                    f"This route does not take {method[:20]}. Send {taken}.", allowed
                )
        return super().no_route()


@cache
def read(name: str) -> tuple[str, str]:
    """Return a file and its ETag: a weak one, as the same text may also be sent compressed."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return text, f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


@cache
def _methods() -> dict[re.Pattern[str], tuple[str, ...]]:
    """Return the methods of every path in the description."""
    paths = json.loads(read("openapi.json")[0])["paths"]
    return {
        re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): tuple(
            method.upper() for method in _METHODS if method in operations
        )
        for path, operations in paths.items()
    }
