"""What every refusal has: a status, a stable code, the field at fault, and what to do instead."""

import re
from collections.abc import Collection
from typing import Any

from integration.deployment import Answer
from support.aws import PROJECT
from support.events import REQUEST_ID


def documented() -> dict[str, int]:
    """The codes of the table in the API's description, with the status of each."""
    text = (PROJECT / "docs" / "api.md").read_text("utf-8").partition("## Errors")[2]
    rows = re.findall(r"^\| (\d{3}) \| (.+) \|$", text, re.MULTILINE)
    return {
        code: int(status) for status, codes in rows for code in re.findall(r"`([a-z_]+)`", codes)
    }


DOCUMENTED = documented()


def assert_problem(answer: Answer, code: str, *fields: str) -> None:
    """Assert that an answer is the problem document of a code, naming these fields and no other.

    Its detail is more than one sentence: what is wrong, and what to do.
    """
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["request_id"] == answer.headers["x-request-id"] == REQUEST_ID
    assert answer.json["status"] == answer.status
    assert_problem_document(answer.json, code, fields)


def assert_problem_document(problem: Any, code: str, fields: Collection[str] = ()) -> None:
    assert problem["code"] == code, problem
    assert problem["status"] == DOCUMENTED[code]
    assert problem["type"].endswith(f"#{code}")
    assert problem["title"]
    sentences = re.findall(r"[.?](?:\s|$)", problem["detail"])
    assert len(sentences) >= 2, problem["detail"]
    errors = problem.get("errors", [])
    assert {error["field"] for error in errors} == set(fields), problem
    for error in errors:
        assert error["rule"]
        assert error["remedy"]
        assert error["remedy"] in problem["detail"]
