"""Handlers: short, and nothing in them that belongs further in."""

import ast
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[2] / "functions"
HANDLERS = sorted(FUNCTIONS.glob("*/handler.py"))
MAX_LINES = 60
MAX_BODY = 20
DECORATORS = [
    "logger.inject_lambda_context(clear_state=True)",
    "metrics.log_metrics(capture_cold_start_metric=True)",
]

ANSWERS_FOR_ITSELF = "ingest_scans"
"""It has no router to catch what goes wrong inside, so it does that itself."""

each_handler = pytest.mark.parametrize("path", HANDLERS, ids=lambda path: str(path.parent.name))


def functions_of(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def test_every_function_of_the_project_has_its_handler() -> None:
    assert len(HANDLERS) >= 8


@each_handler
def test_a_handler_fits_on_a_screen(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


@each_handler
def test_a_function_of_a_handler_is_short(path: Path) -> None:
    for function in functions_of(path):
        assert function.end_lineno is not None
        assert function.end_lineno - function.body[0].lineno < MAX_BODY, function.name


@each_handler
def test_a_handler_is_logged_and_measured(path: Path) -> None:
    (entry,) = (f for f in functions_of(path) if f.name == "lambda_handler")
    assert [ast.unparse(decorator) for decorator in entry.decorator_list] == DECORATORS


@each_handler
def test_a_handler_reads_no_environment_and_catches_no_error_it_does_not_name(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    caught = [
        ast.unparse(node.type) if node.type else "everything"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
    ]
    if path.parent.name != ANSWERS_FOR_ITSELF:
        assert not {"everything", "Exception", "BaseException"} & set(caught)
    assert "environ" not in {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
