"""The folder in which the local stack keeps its state."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HOME_VARIABLE = "VTR_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The state folder: ``.local/`` at the project's root, or the one that ``VTR_HOME`` names.

    Only the entries listed here belong to the stack. Wiping removes nothing else, so a ``VTR_HOME``
    that names the wrong folder costs nobody their files.
    """

    root: Path

    @classmethod
    def from_env(cls) -> "Home":
        named = os.environ.get(HOME_VARIABLE)
        return cls(Path(named).expanduser().resolve() if named else PROJECT / ".local")

    @property
    def record(self) -> Path:
        return self.root / "stack.json"

    @property
    def lock(self) -> Path:
        return self.root / "emulator.lock"

    @property
    def up_lock(self) -> Path:
        return self.root / "up.lock"

    @property
    def log(self) -> Path:
        return self.root / "emulator.log"

    @property
    def services(self) -> Path:
        return self.root / "services"

    @property
    def objects(self) -> Path:
        return self.root / "objects"

    @property
    def scratch(self) -> Path:
        return self.root / "tmp"

    @property
    def build(self) -> Path:
        return self.root / "build"

    def forget_data(self) -> None:
        """Delete the emulator's data; keep what was built."""
        for folder in (self.services, self.objects, self.scratch):
            shutil.rmtree(folder, ignore_errors=True)
        self.record.unlink(missing_ok=True)

    def wipe(self) -> None:
        self.forget_data()
        shutil.rmtree(self.build, ignore_errors=True)
        for file in (self.lock, self.up_lock, self.log):
            file.unlink(missing_ok=True)
        if self.root.is_dir() and not any(self.root.iterdir()):
            self.root.rmdir()
