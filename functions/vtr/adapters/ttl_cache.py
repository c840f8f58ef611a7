"""What is read often and changes rarely is kept for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Fresh(Generic[T]):
    """What ``read`` gave for a name, for ``seconds``; what is not there is asked for every time.

    It may be forgotten earlier, but not sooner than ``pause`` seconds after it was read: whoever
    makes us doubt what we know cannot make us ask without end.
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
        """Forget what is known; False where it was read too short a while ago."""
        if name not in self._known or self._age(name) < self.pause:
            return False
        del self._known[name]
        return True

    def _age(self, name: str) -> float:
        return monotonic() - self._known[name][0]
