"""`vtr report`: ask, follow, download."""

import os
import stat
from pathlib import Path

import pytest

from support.command_line import CommandLine
from support.reporting import CSV, reporting
from support.stub_api import problem, stub_api


def test_the_report_is_written_once_it_is_done(vtr: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    with stub_api(reporting("running", "done")) as api:
        ran = vtr.speaking_to(api)("report", target, "--from", "2026-10-01")
    assert ran.exit_code == 0, ran.err
    assert target.read_bytes() == CSV
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.csv"]
    assert api.requests[0].document == {"kind": "tracking", "from": "2026-10-01"}
    assert "authorization" not in api.requests[-1].headers
    assert ran.err.splitlines() == [
        "Report r1 is queued",
        "Report r1 is running",
        "Report r1 is done",
        f"1 package, 23 bytes, in {target}.",
    ]


def test_standard_output_gets_the_document_and_nothing_else(vtr: CommandLine) -> None:
    with stub_api(reporting("done")) as api:
        ran = vtr.speaking_to(api)("report", "-")
    assert ran.out.encode() == CSV


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [
        (["failed"], "The report r1 failed. Ask for it again.\n"),
        (["erased"], "The report r1 was erased. Ask for it again.\n"),
        (["running"] * 99, "The report r1 is still running after 1 s. --timeout waits longer.\n"),
    ],
)
def test_a_report_that_does_not_come_is_a_sentence_and_no_file(
    vtr: CommandLine, tmp_path: Path, statuses: list[str], sentence: str
) -> None:
    with stub_api(reporting(*statuses)) as api:
        ran = vtr.speaking_to(api)("report", tmp_path / "report.csv", "--timeout", "1")
    assert ran.exit_code == 1
    assert ran.err.endswith(sentence)
    assert not (tmp_path / "report.csv").exists()


def test_a_download_that_is_refused_leaves_no_file(vtr: CommandLine, tmp_path: Path) -> None:
    routes = reporting("done") | {"GET /bucket/report.csv": lambda _: problem(403, "It expired.")}
    with stub_api(routes) as api:
        ran = vtr.speaking_to(api)("report", tmp_path / "report.csv")
    assert ran.exit_code == 1
    assert not any(path.is_file() for path in tmp_path.iterdir())


def test_a_file_is_replaced_where_its_link_leads_and_keeps_its_mode(
    vtr: CommandLine, tmp_path: Path
) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    with stub_api(reporting("done")) as api:
        ran = vtr.speaking_to(api)("report", link)
    assert ran.exit_code == 0, ran.err
    assert link.is_symlink()
    assert real.read_bytes() == CSV
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_link_to_nothing_yet_is_followed(vtr: CommandLine, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real.csv")
    with stub_api(reporting("done")) as api:
        vtr.speaking_to(api)("report", link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == CSV


def test_a_pipe_is_written_through(vtr: CommandLine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with stub_api(reporting("done")) as api:
        ran = vtr.speaking_to(api)("report", pipe)
    assert ran.exit_code == 0, ran.err
    assert os.read(reader, 1000) == CSV
    os.close(reader)
    assert pipe.is_fifo()


def test_a_full_device_is_one_sentence(vtr: CommandLine, tmp_path: Path) -> None:
    # A link, so that a device is never at stake.
    (tmp_path / "full").symlink_to("/dev/full")
    with stub_api(reporting("done")) as api:
        ran = vtr.speaking_to(api)("report", tmp_path / "full")
    assert ran.exit_code == 2
    assert ran.err.endswith("full cannot be written: No space left on device.\n")
    assert (tmp_path / "full").is_symlink()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere/report.csv", "No such file or directory"),
        (".", "Is a directory"),
        ("file/report.csv", "Not a directory"),
    ],
)
def test_what_cannot_be_written_is_one_sentence_before_anything_is_asked(
    vtr: CommandLine, tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "file").touch()
    with stub_api({}) as api:
        ran = vtr.speaking_to(api)("report", tmp_path / name)
    assert ran.exit_code == 2
    assert ran.err.endswith(f" cannot be written: {why}.\n")
    assert ran.err.count("\n") == 1
    assert api.requests == []
