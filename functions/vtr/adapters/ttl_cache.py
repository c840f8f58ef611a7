"""Cache what is read often and changes rarely."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_NAMES = 10_000


@dataclass
class Fresh(Generic[T]):
    """Cache what ``read`` returns for a name, for ``seconds``; ``None`` for ``missing_seconds``.

    A value may be forgotten earlier, but not within ``pause`` seconds of reading it, so that
    forged requests cannot trigger endless reads. Of more than ``MOST_NAMES`` names, the one that
    was asked for longest ago is dropped.
    """

    read: Callable[[str], T]
    seconds: float
    pause: float = 0.0
    missing_seconds: float = 0.0
    _known: OrderedDict[str, tuple[float, T]] = field(default_factory=OrderedDict)

    def __call__(self, name: str) -> T:
        if name in self._known:
            read_at, found = self._known[name]
            if monotonic() - read_at < self._kept_for(found):
                self._known.move_to_end(name)
                return found
        return self.put(name, self.read(name))

    def put(self, name: str, found: T) -> T:
        """Cache what was just read for a name; return it."""
        self._known.pop(name, None)
        if self._kept_for(found):
            self._known[name] = monotonic(), found
        if len(self._known) > MOST_NAMES:
            self._known.popitem(last=False)
        return found

    def _kept_for(self, found: T) -> float:
        return self.missing_seconds if found is None else self.seconds

    def forget(self, name: str) -> bool:
        """Forget a value; return False if it was read too recently, or not at all."""
        if name not in self._known or monotonic() - self._known[name][0] < self.pause:
            return False
        del self._known[name]
        return True
