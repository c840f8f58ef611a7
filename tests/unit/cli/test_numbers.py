"""`vtr numbers check`: files of numbers, and the very file that `vtr submit` takes."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from support.command_line import CommandLine
from vtr_client.console import table

UPS = "1Z999AA10123456784"
CSV = f"""\ufeffOrder ID,package-id,carrier-name,tracking_number,colour
o-1,1,"UPS",{UPS},"red, blue"
o-2,1,,9400136895232510047,
"""


def written(folder: Path, content: bytes) -> Path:
    file = folder / "numbers.csv"
    file.write_bytes(content)
    return file


def test_a_table_for_submit_is_read_by_its_columns(vtr: CommandLine, tmp_path: Path) -> None:
    ran = vtr("numbers", "check", written(tmp_path, CSV.encode()))
    assert ran.exit_code == 0
    head, first, second = ran.out.splitlines()
    assert head.split()[:3] == ["Number", "Carrier", "Verdict"]
    assert first.split()[:3] == [UPS, "UPS", "well_formed"]
    assert second.startswith("9400136895232510047 ")


def test_a_number_a_line_with_or_without_a_carrier(vtr: CommandLine) -> None:
    ran = vtr("numbers", "check", stdin=f"{UPS}\n{UPS}, UPS\n\n{UPS}\tUPS\n")
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == [UPS] * 3


def test_json_in_is_json_out(vtr: CommandLine) -> None:
    ran = vtr("numbers", "check", stdin=json.dumps({"number": UPS, "carrier": "UPS"}) + "\n{\n")
    assert ran.exit_code == 1
    found, unread = map(json.loads, ran.out.splitlines())
    assert (found["number"], found["verdict"]) == (UPS, "well_formed")
    assert (unread["line"], "is not JSON" in unread["error"]) == (2, True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty. It takes a number a line."),
        (b"\x7fELF\x02\xff\xfe", "is not UTF-8. Save it as text in UTF-8."),
        (b"\x7fELF\x02\x00\x00", "is no text. It takes a number a line."),
    ],
)
def test_what_is_no_text_is_refused(
    vtr: CommandLine, tmp_path: Path, content: bytes, sentence: str
) -> None:
    ran = vtr("numbers", "check", written(tmp_path, content))
    assert (ran.exit_code, ran.out) == (2, "")
    assert ran.err.endswith(f"numbers.csv {sentence}\n")


def test_a_file_that_is_not_there_is_a_sentence(vtr: CommandLine) -> None:
    ran = vtr("numbers", "check", "nowhere.csv")
    assert ran.exit_code == 2
    assert ran.err == "nowhere.csv cannot be read: No such file or directory.\n"


def test_a_narrow_screen_breaks_no_number() -> None:
    out = Console(file=io.StringIO(), width=60)
    rows = table(out, ("Number", "What to do"), whole=("Number",))
    rows.add_row("94001368O0000099480001", "Check the number against the label, and so on and on.")
    out.print(rows)
    assert isinstance(out.file, io.StringIO)
    assert "94001368O0000099480001 " in out.file.getvalue()
