"""Failures are sentences: one on standard error, an exit code, and no traceback."""

import socket
from pathlib import Path

import pytest

from support.command_line import CommandLine
from support.stub_api import Answer, problem, stub_api
from vtr_local.home import Home
from vtr_local.record import StackRecord

RATES = "GET /v1/rates"
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
    for command in (["rates"], ["packages"], ["report"], ["keys", "create", "acme"]):
        ran = vtr(*command)
        assert ran.exit_code == 1
        assert ran.err.startswith(NO_STACK)
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


def test_a_port_that_is_taken_is_named_with_the_remedy(vtr: CommandLine, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = vtr("up", "--port", str(port))
    assert ran.exit_code == 1
    assert f"Port {port} is taken by another program." in ran.err
    assert f"vtr up --port {port + 1}" in ran.err
    assert not (tmp_path / "home" / "emulator.lock").exists()
