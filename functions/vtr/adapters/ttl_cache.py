"""Cache what is read often and changes rarely."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Fresh(Generic[T]):
    """Cache what ``read`` returns for a name, for ``seconds``; a missing value is read every time.

    A value may be forgotten earlier, but not within ``pause`` seconds of reading it, so that
    forged requests cannot trigger endless reads.
    """

    read: Callable[[str], T]
    seconds: float
    pause: float = 0.0
    _known: dict[str, tuple[float, T]] = field(default_factory=dict)

    def __call__(self, name: str) -> T:
        if name in self._known and self._age(name) < self.seconds:
            return self._known[name][1]
        found = self.read(name)
        if found is None:
            self._known.pop(name, None)
        else:
            self._known[name] = monotonic(), found
        return found

    def forget(self, name: str) -> bool:
        """Forget a value; return False if it was read too recently, or not at all."""
        if name not in self._known or self._age(name) < self.pause:
            return False
        del self._known[name]
        return True

    def _age(self, name: str) -> float:
        return monotonic() - self._known[name][0]
