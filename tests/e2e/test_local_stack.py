"""The local stack itself, on a template of its own: HTTP, queues, nested stacks, policies."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from support.stack import LocalStack, copy_notes_stack, eventually, free_port, local_stack
from vtr_local.aws import LocalAws
from vtr_local.emulator import Emulator
from vtr_local.errors import LocalStackError
from vtr_local.home import Home
from vtr_local.record import StackRecord
from vtr_local.stack import DATA_STACK, STACK, down, status, up

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_notes_stack(tmp_path_factory.mktemp("notes"))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[LocalStack]:
    with local_stack(tmp_path_factory.mktemp("home"), template=template, parameters={}) as found:
        yield found


@contextmanager
def changed(file: Path, old: str, new: str) -> Iterator[None]:
    """Have *new* in place of *old* in a file for a while."""
    before = file.read_text(encoding="utf-8")
    assert old in before
    file.write_text(before.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def keeps(stack: LocalStack, note: str) -> bool:
    """Tell whether a note comes back that was queued over HTTP."""
    with stack.http() as http:
        assert http.put(f"/notes/{note}").status_code == 202
        return bool(eventually(lambda: http.get(f"/notes/{note}").is_success))


def test_a_note_goes_over_http_through_the_queue_into_the_table_of_the_datas_stack(
    stack: LocalStack,
) -> None:
    assert keeps(stack, "a note")


def test_a_route_that_the_template_does_not_have_is_not_found(stack: LocalStack) -> None:
    with stack.http() as http:
        assert http.get("/nowhere").status_code == 404
        assert http.delete("/notes/first").status_code == 404


def test_a_function_may_only_do_what_its_policies_allow(stack: LocalStack) -> None:
    with stack.http() as http:
        answer = http.post("/notes:forbidden")
    assert (answer.status_code, answer.text) == (403, "AccessDeniedException")


def test_status_names_the_process_and_the_record(stack: LocalStack) -> None:
    found = status(stack.home)
    assert found.answering
    assert found.pid == Emulator(stack.home).pid()
    assert found.record == StackRecord.load(stack.home)


def test_a_second_up_redeploys_a_changed_route(stack: LocalStack, template: Path) -> None:
    assert keeps(stack, "before the route")
    with changed(template, "/notes:forbidden", "/notes:refused"), stack.http() as http:
        assert up(stack.home, template=template, parameters={}) == stack.record
        assert http.get("/notes/before the route").is_success
        assert http.post("/notes:forbidden").status_code == 404
        assert http.post("/notes:refused").status_code == 403
    up(stack.home, template=template, parameters={})


def test_a_second_up_redeploys_a_changed_nested_stack(stack: LocalStack, template: Path) -> None:
    letters = template.parent / "infra" / "letters.yaml"
    more = "Resources:\n  MoreLetters: {Type: AWS::SQS::Queue}"
    output = "  DeadLetterQueueArn: {Value: !GetAtt DeadLetterQueue.Arn}"
    with (
        changed(letters, "Resources:", more),
        changed(letters, output, f"{output}\n  More: {{Value: 1}}"),
    ):
        assert up(stack.home, template=template, parameters={}) == stack.record
        assert keeps(stack, "in the same table")
    up(stack.home, template=template, parameters={})


def test_a_second_up_redeploys_changed_data_and_keeps_what_it_holds(
    stack: LocalStack, template: Path
) -> None:
    assert keeps(stack, "before the queue")
    data = template.parent / "infra" / "data.yaml"
    with changed(data, "Resources:", "Resources:\n  More: {Type: AWS::SQS::Queue}"):
        assert up(stack.home, template=template, parameters={}) == stack.record
        with stack.http() as http:
            assert http.get("/notes/before the queue").is_success
    up(stack.home, template=template, parameters={})


def test_the_data_cannot_be_deleted_while_functions_work_on_it(stack: LocalStack) -> None:
    cloudformation = LocalAws(stack.endpoint).cloudformation
    with pytest.raises(ClientError, match=f"imported by stack {STACK}"):
        cloudformation.delete_stack(StackName=DATA_STACK)


def test_a_second_up_redeploys_changed_code(stack: LocalStack, template: Path) -> None:
    handler = template.parent / "functions" / "notes" / "handler.py"
    with changed(handler, '"statusCode": 403', '"statusCode": 418'), stack.http() as http:
        up(stack.home, template=template, parameters={})
        assert http.post("/notes:forbidden").status_code == 418
    up(stack.home, template=template, parameters={})


def test_a_second_up_redeploys_changed_outputs(stack: LocalStack, template: Path) -> None:
    with changed(template, "Outputs:", "Outputs:\n  Api: {Value: !Ref NotesApi}"):
        assert "Api" in up(stack.home, template=template, parameters={}).outputs
    assert "Api" not in up(stack.home, template=template, parameters={}).outputs


def test_a_template_that_cannot_be_deployed_is_a_sentence_and_can_be_mended(
    stack: LocalStack, template: Path
) -> None:
    with (
        changed(template, "DeadLetterQueueArn", "Nothing"),
        pytest.raises(LocalStackError, match=r"NotesQueue: .*Nothing"),
    ):
        up(stack.home, template=template, parameters={})
    up(stack.home, template=template, parameters={})
    assert keeps(stack, "mended")


def test_down_and_up_again_keep_the_data(stack: LocalStack, template: Path) -> None:
    assert keeps(stack, "before going down")
    assert down(stack.home)
    assert not status(stack.home).answering
    assert up(stack.home, template=template, parameters={}) == stack.record
    with stack.http() as http:
        assert http.get("/notes/before going down").is_success
    assert keeps(stack, "after coming up")


def test_the_data_keeps_the_stack_on_its_port(stack: LocalStack, template: Path) -> None:
    with pytest.raises(LocalStackError, match="This stack lives on port"):
        up(stack.home, template=template, parameters={}, port=stack.record.port + 1)


def test_a_first_deployment_that_failed_is_no_obstacle_to_the_next(
    tmp_path: Path, template: Path
) -> None:
    home = Home(tmp_path / "home")
    try:
        with (
            changed(template, "DeadLetterQueueArn", "Nothing"),
            pytest.raises(LocalStackError, match="Nothing"),
        ):
            up(home, port=free_port(), template=template, parameters={})
        assert keeps(LocalStack(home, up(home, template=template, parameters={})), "first")
    finally:
        down(home, wipe=True)
    assert not home.root.exists()


def test_a_killed_emulator_is_started_anew_and_what_was_lost_with_it_is_forgotten(
    tmp_path: Path, template: Path
) -> None:
    with local_stack(tmp_path / "home", template=template, parameters={}) as stack:
        stack.record.with_key("acme", "vtr_lost_key").save(stack.home)
        pid = Emulator(stack.home).pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: Emulator(stack.home).pid() is None)
        record = up(stack.home, template=template, parameters={})
        assert record.keys == {}
        assert keeps(LocalStack(stack.home, record), "anew")


def test_in_strict_mode_a_function_sees_its_own_dependencies_alone(
    tmp_path: Path, template: Path
) -> None:
    with local_stack(tmp_path / "home", template=template, parameters={}, strict=True) as stack:
        assert keeps(stack, "first")
        with stack.http() as http:
            seen = http.get("/notes/first").json()
    assert seen == {"note": "first", "sees_the_emulators_packages": False}
