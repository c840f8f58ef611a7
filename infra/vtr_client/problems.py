"""Turn the API's problem details (RFC 9457) into a sentence."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from vtr_client.errors import CommandError

_REMEDIES = {
    401: "Name another key with --key or VTR_API_KEY.",
    403: "Make one that may: vtr keys create.",
}
_REMEDIES_OF_SIGNED = {401: "Name another secret with --secret or VTR_WEBHOOK_SECRET."}


class RefusedError(CommandError):
    """The API responded with a problem."""

    def __init__(self, response: httpx.Response, *, signed: bool = False) -> None:
        self.status = response.status_code
        self.problem = _read(response)
        remedy = (_REMEDIES_OF_SIGNED if signed else _REMEDIES).get(self.status)
        super().__init__(_refusal(self.status, self.problem, remedy))


def explain(problem: dict[str, Any], columns: Mapping[str, str] | None = None) -> str:
    """Say in a sentence what is wrong, and with which field.

    *columns* are a file's own names for the API's fields; the sentence then uses these.
    """
    sentence = str(problem.get("detail") or problem.get("title") or "No reason was given.")
    named = [error for error in problem.get("errors", []) if error.get("field") not in sentence]
    return _in_words_of(columns or {}, " ".join([sentence, *map(_field_error, named)]))


def _in_words_of(columns: Mapping[str, str], sentence: str) -> str:
    """Replace each field by its column; a field that is an English word only before a colon."""

    def column(found: re.Match[str]) -> str:
        return columns.get(found[0], found[0])

    return re.sub(r"\b[a-z]+(?:[_.][a-z]+)+\b|\b[a-z]+(?=: )", column, sentence)


def _field_error(error: dict[str, Any]) -> str:
    words = f"{error.get('field', 'The request')}: {error.get('rule', 'cannot be used')}."
    return f"{words} {error['remedy']}" if error.get("remedy") else words


def _refusal(status: int, problem: dict[str, Any], remedy: str | None) -> str:
    sentence = explain(problem)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        request = problem.get("request_id")
        remedy = f"The request was {request}." if request else None
        sentence = f"The API failed ({status}). {sentence}"
    return f"{sentence} {remedy}" if remedy else sentence


def _read(response: httpx.Response) -> dict[str, Any]:
    """Return a problem; for a response that is not the API's own, describe it."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict) and ("detail" in problem or "title" in problem):
        return problem
    return {"detail": f"{response.url} answered {response.status_code} {response.reason_phrase}."}
