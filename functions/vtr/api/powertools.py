"""Powertools' router, without what only its other routers need.

Its package imports asyncio, a twelfth of a cold start, for routers that are not used here. So
asyncio gets a stand-in that turns into the real module on first use.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


sys.modules.setdefault("asyncio", _Later("asyncio"))

from aws_lambda_powertools.event_handler import (  # noqa: E402 - after the stand-in
    APIGatewayHttpResolver,
    Response,
)

__all__ = ["APIGatewayHttpResolver", "Answer", "Response"]

Answer = Response[str]
"""What a route returns."""
