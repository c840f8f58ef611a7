"""Failures are sentences: one on standard error, an exit code, and no traceback."""

import fcntl
import json
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from support.command_line import KEY, CommandLine
from support.reporting import reporting
from support.stub_api import Answer, problem, stub_api
from vtr_local import emulator
from vtr_local.home import Home
from vtr_local.record import StackRecord

RATES = "GET /v1/rates"
SCAN = {
    "carrier": "UPS",
    "tracking_number": "1Z999AA10123456784",
    "occurred_at": "2026-11-28T21:00:00Z",
}
NO_STACK = "There is no local stack yet. Bring it up with vtr up"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (problem(401, "The key is not valid."), "Name another key with --key or VTR_API_KEY."),
        (problem(403, "This needs the scope read."), "This needs the scope read."),
        (problem(500, "It failed.", request_id="r-1"), "The API failed (500). It failed."),
        (Answer(404, b"<html>"), "answered 404 Not Found."),
        (Answer(200, b"<html>"), "does not answer like this API. Is the URL right?"),
        (Answer(200, []), "does not answer like this API. Is the URL right?"),
    ],
)
def test_what_the_api_refuses_is_a_sentence(
    vtr: CommandLine, answer: Answer, sentence: str
) -> None:
    with stub_api({RATES: lambda _: answer}) as api:
        ran = vtr.speaking_to(api)("rates")
    assert (ran.exit_code, ran.out) == (1, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_a_field_that_the_detail_does_not_name_is_named(vtr: CommandLine) -> None:
    wrong = {"field": "state", "rule": "one of four", "remedy": "Choose one."}
    with stub_api({RATES: lambda _: problem(422, "One field is wrong.", errors=[wrong])}) as api:
        ran = vtr.speaking_to(api)("rates")
    assert ran.err == "One field is wrong. state: one of four. Choose one.\n"


def test_no_stack_is_a_sentence_with_the_remedy(vtr: CommandLine) -> None:
    for command, otherwise in (
        (["rates"], "--url and --key"),
        (["report"], "--url and --key"),
        (["scan", "-"], "--url and --secret"),
        (["keys", "create", "acme"], "--stack."),
        (["doctor"], "--stack."),
    ):
        ran = vtr(*command, stdin=json.dumps(SCAN))
        assert ran.exit_code == 1
        assert ran.err.startswith(f"{NO_STACK}, or name a deployed one with {otherwise}")
    assert vtr("status").err == "The local stack is not up. Bring it up with vtr up.\n"
    assert vtr("down").err == "The stack was not up.\n"


def test_a_stack_that_does_not_answer_is_a_sentence(vtr: CommandLine) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    StackRecord(port=port, api_url=url, keys={"acme": "vtr_a_b"}).save(Home(vtr.home))
    ran = vtr("rates")
    assert ran.exit_code == 1
    assert ran.err == f"Nothing answers at {url}. Bring the stack up with vtr up.\n"
    assert vtr("status").exit_code == 1
    for command in (["keys", "list", "acme"], ["doctor"], ["redrive", "scans"]):
        ran = vtr(*command)
        assert ran.exit_code == 1
        assert ran.err == "The local stack is not up. Bring it up with vtr up.\n"


@pytest.mark.parametrize("url", ["nonsense", "ftp://host", "http://"])
def test_a_url_that_is_none_is_a_sentence(vtr: CommandLine, url: str) -> None:
    ran = vtr("rates", "--url", url, "--key", "k")
    assert ran.exit_code == 2
    assert "is no URL." in ran.err


def test_the_local_stacks_key_is_never_sent_elsewhere(vtr: CommandLine) -> None:
    StackRecord(port=1, api_url="http://127.0.0.1:1", keys={"acme": "vtr_a_b"}).save(Home(vtr.home))
    ran = vtr("rates", "--url", "https://vtr.example")
    assert ran.exit_code == 1
    assert ran.err == "https://vtr.example needs a key: name it with --key or VTR_API_KEY.\n"


def test_a_record_that_cannot_be_read_is_a_sentence(vtr: CommandLine) -> None:
    home = Home(vtr.home)
    home.root.mkdir()
    home.record.write_text("{", encoding="utf-8")
    ran = vtr("rates")
    assert ran.exit_code == 1
    assert "cannot be read as the record of a stack" in ran.err


def test_a_policy_or_a_scope_that_does_not_exist_is_named_with_those_that_do(
    vtr: CommandLine,
) -> None:
    ran = vtr("keys", "create", "acme", "--policy", "nowhere")
    assert ran.exit_code == 2
    assert ran.err.startswith("There is no policy nowhere. The known ones are amazon-us")
    ran = vtr("keys", "create", "acme", "--scope", "everything")
    assert ran.exit_code == 2
    assert "submit" in ran.err


def test_help_names_every_command(vtr: CommandLine) -> None:
    text = vtr("--help").out
    for command in ("up", "down", "status", "demo", "keys", "submit", "scan", "rates"):
        assert f" {command} " in text


def test_the_version_and_completion_are_there_as_in_every_command(vtr: CommandLine) -> None:
    assert vtr("--version").out == f"vtr {version('vtr')}\n"
    assert vtr("rates", "-h").exit_code == 0
    assert "--install-completion" in vtr("-h").out


def test_a_port_that_is_taken_is_named_with_the_remedy(vtr: CommandLine, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = vtr("up", "--port", str(port))
    assert ran.exit_code == 1
    assert ran.err.endswith(
        f"Port {port} is taken by another program. Leave out --port, and a free one is chosen.\n"
    )
    assert not (tmp_path / "home" / "emulator.lock").exists()


def test_a_port_that_is_taken_is_passed_over() -> None:
    first = emulator.free_port()
    with socket.create_server(("127.0.0.1", first)):
        assert emulator.free_port() > first


def test_data_whose_port_is_taken_is_not_to_be_given_up(vtr: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        StackRecord(port=port, api_url=f"http://127.0.0.1:{port}").save(Home(vtr.home))
        ran = vtr("up")
        other = vtr("up", "--port", str(port - 1))
    assert (ran.exit_code, other.exit_code) == (1, 1)
    assert f"Port {port} is taken by another program, and this stack's data" in ran.err
    assert f"This stack lives on port {port}" in other.err
    for sentence in (ran.err, other.err):
        assert "VTR_HOME" in sentence
        assert "wipe" not in sentence


def test_one_up_at_a_time(vtr: CommandLine) -> None:
    vtr.home.mkdir()
    with (vtr.home / "up.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = vtr("up")
    assert ran.exit_code == 1
    assert "Another vtr up is at work on this stack. Wait until it has ended" in ran.err


@pytest.mark.parametrize(
    ("home", "why"),
    [("/dev/null", "File exists"), ("/proc/nowhere/home", "No such file or directory")],
)
def test_a_state_folder_that_cannot_be_used_is_a_sentence(home: str, why: str) -> None:
    ran = CommandLine(Path(home), {})("up")
    assert ran.exit_code == 1
    assert ran.err.endswith(
        f"cannot be used: {why}. Name another folder for the local stack with VTR_HOME.\n"
    )


@pytest.mark.parametrize("command", [["numbers", "check"], ["report", "-"]])
def test_a_full_disk_is_a_sentence(tmp_path: Path, command: list[str]) -> None:
    with stub_api(reporting("done")) as api, Path("/dev/full").open("wb") as full:
        ran = subprocess.run(  # noqa: S603  our own command
            [sys.executable, "-c", "from vtr_cli.app import main; main()", *command],
            input=b"1Z999AA10123456784\n",
            stdout=full,
            stderr=subprocess.PIPE,
            env={
                "PYTHONPATH": ":".join(sys.path),
                "VTR_HOME": str(tmp_path),
                "VTR_API_URL": api.url,
                "VTR_API_KEY": KEY,
            },
            check=False,
        )
    assert ran.returncode == 1
    assert ran.stderr.decode().endswith("It could not be written: No space left on device.\n")
    assert b"Traceback" not in ran.stderr


def test_a_scan_that_is_not_believed_is_told_of_its_secret(vtr: CommandLine) -> None:
    routes = {"POST /v1/webhooks/standard": lambda _: problem(401, "The signature does not match.")}
    with stub_api(routes) as api:
        ran = vtr.speaking_to(api)(
            "scan", "-", "--secret", "whsec_c2VjcmV0", stdin=json.dumps(SCAN)
        )
    assert ran.exit_code == 1
    assert ran.err == (
        "The signature does not match. Name another secret with --secret or VTR_WEBHOOK_SECRET.\n"
    )


def test_a_key_may_be_named_by_its_account(vtr: CommandLine) -> None:
    with stub_api({RATES: lambda _: problem(403, "No.")}) as api:
        keys = {"acme": "vtr_a_b", "other": "vtr_c_d"}
        StackRecord(port=1, api_url=api.url, keys=keys).save(Home(vtr.home))
        vtr("rates")
        vtr("rates", "--key", "other")
        vtr("rates", "--key", "vtr_e_f")
    used = [request.headers["authorization"] for request in api.requests]
    assert used == ["Bearer vtr_a_b", "Bearer vtr_c_d", "Bearer vtr_e_f"]


@pytest.mark.parametrize(
    "command",
    [["cost", "--packages-per-day", "inf"], ["keys", "create", "acme", "--days", "100000000"]],
)
def test_a_number_out_of_bounds_is_a_usage_error(vtr: CommandLine, command: list[str]) -> None:
    ran = vtr(*command)
    assert ran.exit_code == 2
    assert command[-2] in ran.err
