"""The modules below a folder, by the names that they are imported by."""

from pathlib import Path


def modules(root: Path) -> dict[str, Path]:
    """Every module below a folder by its dotted name."""
    found = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found
