"""Ports that cut a run off at a chosen call, as a crash does: before it takes effect, or after."""

from collections.abc import Callable, Iterator
from typing import Any

from vtr.ports import Ports


class CutOffError(Exception):
    """The run ended here."""


class CuttingPorts:
    """The given ports; the call of this number, from 0, is the last one of the run."""

    def __init__(self, ports: Any, call: int, *, takes_effect: bool) -> None:
        self._ports = ports
        self._left = call
        self._takes_effect = takes_effect

    def __getattr__(self, name: str) -> Any:
        return _CuttingPort(getattr(self._ports, name), self._calling)

    def _calling(self, real: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left >= 0:
            return real(*args, **kwargs)
        if self._takes_effect:
            real(*args, **kwargs)
        raise CutOffError


class _CuttingPort:
    def __init__(self, port: Any, calling: Callable[..., Any]) -> None:
        self._port = port
        self._calling = calling

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._port, method)
        return lambda *args, **kwargs: self._calling(real, *args, **kwargs)


def every_cut(
    begin: Callable[[], Any], run: Callable[[Any, Ports], object], *, takes_effect: bool
) -> Iterator[Any]:
    """Yield a world for each call of a run: one that *begin* made, and a run was cut off in there.

    It ends with the first run that is not cut off.
    """
    call = 0
    while True:
        world = begin()
        ports: Any = CuttingPorts(world.ports, call, takes_effect=takes_effect)
        try:
            run(world, ports)
        except CutOffError:
            yield world
            call += 1
        else:
            return
