"""`vtr report`: ask, follow, download."""

from pathlib import Path

import pytest

from support.command_line import CommandLine
from support.stub_api import Answer, Request, Route, problem, stub_api

CSV = b"order id,package\no-1,1\n"


def reporting(*statuses: str) -> dict[str, Route]:
    """Serve a report that goes through *statuses* as it is asked about."""
    left = list(statuses)

    def document(request: Request) -> Answer:
        url = f"http://{request.headers['host']}/bucket/report.csv"
        return Answer(303, {"url": url, "expires_at": "2026-11-23T09:35:00Z"})

    def progress(_: Request) -> Answer:
        return Answer(200, {"report_id": "r1", "status": left.pop(0), "rows": 1, "bytes": 23})

    return {
        "POST /v1/reports": lambda _: Answer(202, {"report_id": "r1", "status": "queued"}),
        "GET /v1/reports/r1": progress,
        "GET /v1/reports/r1/document": document,
        "GET /bucket/report.csv": lambda _: Answer(200, CSV),
    }


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
        f"1 packages, 23 bytes, in {target}.",
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


def test_a_folder_that_is_not_there_is_a_sentence(vtr: CommandLine, tmp_path: Path) -> None:
    with stub_api(reporting("done")) as api:
        ran = vtr.speaking_to(api)("report", tmp_path / "nowhere" / "report.csv")
    assert ran.exit_code == 2
    assert ran.err.splitlines()[-1].endswith("cannot be written: No such file or directory.")
