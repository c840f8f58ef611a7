"""Patterns: how a format's numbers look, in blocks separated by spaces.

``d12`` is twelve digits, ``a2`` two letters, ``x16`` sixteen of either, ``d14-20`` fourteen to
twenty; anything else stands for itself, with ``|`` between alternatives of one shape: ``1Z x16``,
``91|92|93 d20``, ``a2 d9 YP|YW``. A comma separates whole patterns.

A pattern has a shape as a number has: 9 for a digit, A for a letter, and x where either will do.
"""

from vtr.domain.tracking_numbers.shapes import shape_of

_CLASSES = {"d": b"9", "a": b"A", "x": b"x"}
_EITHER = b"x"[0]


class Pattern:
    """One pattern, taken apart.

    ``shape`` is as long as its numbers. ``literals`` are the alternatives that must stand at each
    offset; ``free`` says that everything else may be letter or digit.
    """

    __slots__ = ("free", "literals", "shape")

    def __init__(self, text: str) -> None:
        self.shape = b""
        self.literals: list[tuple[int, tuple[bytes, ...]]] = []
        self.free = True
        for block in text.split():
            if block[0] in _CLASSES:
                self.shape += _CLASSES[block[0]] * int(block[1:])
                self.free &= block[0] == "x"
            else:
                alternatives = tuple(block.encode().split(b"|"))
                self.literals.append((len(self.shape), alternatives))
                self.shape += shape_of(alternatives[0])

    @property
    def shapes(self) -> list[bytes]:
        """Every shape its numbers have, where they are few; else none."""
        if self.shape.count(b"x") > 1:
            return []
        return list(dict.fromkeys(self.shape.replace(b"x", one) for one in (b"9", b"A")))

    def takes(self, shape: bytes) -> bool:
        """Whether numbers of this shape are among its own."""
        return len(shape) == len(self.shape) and all(
            mine in (_EITHER, theirs) for mine, theirs in zip(self.shape, shape, strict=True)
        )

    def fits(self, code: bytes) -> bool:
        """Whether a number has this pattern, its check digit aside."""
        return self.takes(shape_of(code)) and all(
            code.startswith(alternatives, offset) for offset, alternatives in self.literals
        )


def patterns_of(text: str) -> list[Pattern]:
    """Every pattern of a format's column, a range of lengths spelled out."""
    return [Pattern(pattern) for ranged in text.split(", ") for pattern in _spelled_out(ranged)]


def _spelled_out(pattern: str) -> list[str]:
    block = next((block for block in pattern.split() if "-" in block), None)
    if block is None:
        return [pattern]
    shortest, longest = block[1:].split("-")
    return [
        pattern.replace(block, f"{block[0]}{count}")
        for count in range(int(shortest), int(longest) + 1)
    ]
