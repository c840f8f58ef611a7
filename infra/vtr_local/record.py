"""The record of the local stack, kept between commands."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from vtr_local.errors import LocalStackError
from vtr_local.home import Home

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class StackRecord:
    """The stack as it was last deployed.

    The port is part of what the emulator stores (a queue's address contains it), so it stays the
    same until the data is wiped. ``api_url`` is empty until the first deployment succeeds. ``keys``
    are the API keys that were made here, by account.
    """

    port: int
    api_url: str = ""
    strict: bool = False
    outputs: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    webhook_secret: str = ""

    @property
    def endpoint(self) -> str:
        """The URL of the emulated AWS APIs."""
        return f"http://{HOST}:{self.port}"

    @property
    def default_key(self) -> str:
        """The key that was made first; empty if there is none."""
        return next(iter(self.keys.values()), "")

    @classmethod
    def load(cls, home: Home) -> "StackRecord | None":
        try:
            return cls(**_read(home.record))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise LocalStackError(
                f"{home.record} cannot be read as the record of a stack. Start anew with "
                "vtr down --wipe and vtr up."
            ) from None

    def save(self, home: Home) -> "StackRecord":
        # It holds keys, so only its owner may read it; and it is never seen half written.
        home.root.mkdir(parents=True, exist_ok=True)
        unfinished = home.record.with_suffix(".part")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        unfinished.replace(home.record)
        return self

    def with_key(self, account: str, key: str) -> "StackRecord":
        return replace(self, keys=self.keys | {account: key})


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
