from pathlib import Path

import pytest

from support.command_line import CommandLine


@pytest.fixture
def vtr(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "home", {})
