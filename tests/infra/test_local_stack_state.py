"""The state folder, the record in it, and the emulator that it belongs to."""

import os
import stat
from pathlib import Path

import pytest

from vtr_local.emulator import Emulator
from vtr_local.errors import LocalStackError
from vtr_local.home import PROJECT, Home
from vtr_local.record import StackRecord
from vtr_local.stack import down, status

RECORD = StackRecord(port=4570, api_url="http://127.0.0.1:4570/api", outputs={"Table": "t"})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_the_folder_is_the_projects_unless_the_environment_names_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VTR_HOME", raising=False)
    assert Home.from_env().root == PROJECT / ".local"
    monkeypatch.setenv("VTR_HOME", str(tmp_path))
    assert Home.from_env().root == tmp_path.resolve()


def test_a_record_comes_back_as_it_was_saved_and_is_its_owners_alone(home: Home) -> None:
    record = RECORD.with_key("acme", "vtr_a_b").with_key("other", "vtr_c_d").save(home)
    assert StackRecord.load(home) == record
    assert record.default_key == "vtr_a_b"
    assert stat.S_IMODE(home.record.stat().st_mode) == 0o600


def test_no_record_is_none_and_one_that_cannot_be_read_is_a_sentence(home: Home) -> None:
    assert StackRecord.load(home) is None
    home.root.mkdir()
    for content in ("{", "[]", '{"prot": 1}', '"text"', "1"):
        home.record.write_text(content, encoding="utf-8")
        with pytest.raises(LocalStackError, match="vtr down --wipe"):
            StackRecord.load(home)


def test_wiping_removes_the_stacks_own_files_and_nobody_elses(home: Home) -> None:
    RECORD.save(home)
    for folder in (home.services, home.objects, home.scratch, home.build):
        folder.mkdir()
        (folder / "file").touch()
    home.log.touch()
    home.lock.touch()
    mine = home.root / "thesis.txt"
    mine.touch()
    assert not down(home, wipe=True)
    assert list(home.root.iterdir()) == [mine]
    mine.unlink()
    home.wipe()
    assert not home.root.exists()


def test_a_process_that_does_not_hold_the_lock_is_never_taken_for_the_emulator(home: Home) -> None:
    home.root.mkdir()
    home.lock.write_text(f"{os.getpid()}\n", encoding="ascii")
    assert Emulator(home).pid() is None
    assert not Emulator(home).stop()


def test_status_of_a_stack_that_is_down_is_its_record(home: Home) -> None:
    assert status(home).record is None
    RECORD.save(home)
    found = status(home)
    assert (found.record, found.pid, found.answering) == (RECORD, None, False)
