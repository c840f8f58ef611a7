"""What the page on the API shows is what the code takes and returns: fields, texts, columns."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.aws import PROJECT
from vtr.domain.reports import COLUMNS
from vtr_openapi.bodies import ORDER_BODY, PACKAGE_BODY
from vtr_openapi.components import schemas_of
from vtr_openapi.examples import answer_examples
from vtr_openapi.operations import OPERATIONS

PAGE = (Path(PROJECT) / "docs" / "api.md").read_text("utf-8")
BLOCKS = [
    json.loads(block)
    for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
]
EXAMPLES: dict[str, Any] = answer_examples()
AS_CONFIRMED = EXAMPLES["BatchResult"]["results"][0]["package"]
CUT = "…"


def shown_with(field: str) -> Any:
    """The first block of the page that has this field at its top."""
    return next(block for block in BLOCKS if field in block)


def fields_of(document: Any, path: str = "") -> set[str]:
    """Every field of a document by its path; of a list, those of its first element."""
    if isinstance(document, list):
        return fields_of(document[0], path) if document else set()
    if not isinstance(document, dict):
        return set()
    below = (fields_of(value, f"{path}.{name}") for name, value in document.items())
    return {f"{path}.{name}" for name in document}.union(*below)


@pytest.mark.parametrize(
    ("field", "real"),
    [
        ("evidence", AS_CONFIRMED),
        ("carriers", EXAMPLES["CarrierList"]),
        ("overall", EXAMPLES["Rate"]),
        ("detail", EXAMPLES["Problem"]),
    ],
)
def test_a_document_is_shown_with_the_fields_that_it_has(field: str, real: Any) -> None:
    shown = fields_of(shown_with(field))
    cut = {name.removesuffix(f".{CUT}") for name in shown if name.endswith(f".{CUT}")}
    inner = ("overall.reasons", *(one.lstrip(".") for one in cut))

    def compared(names: set[str]) -> set[str]:
        return {
            name for name in names if not name.lstrip(".").startswith(tuple(f"{i}." for i in inner))
        }

    assert compared(shown) == compared(fields_of(real))


def test_the_bodies_shown_are_of_fields_that_are_taken() -> None:
    kinds = {kind for one in OPERATIONS if one.body for kind in one.body.kinds}
    schemas = schemas_of(kinds)
    orders = [block for block in BLOCKS if "placed_at" in block]
    packages = [block for block in BLOCKS if "method_class" in block]
    assert orders[0].keys() == schemas["OrderBody"]["properties"].keys() == ORDER_BODY.keys()
    assert packages[0].keys() <= schemas["PackageBody"]["properties"].keys()
    assert packages[0].keys() >= PACKAGE_BODY.keys()


def test_the_texts_shown_are_those_that_are_answered() -> None:
    package, problem = shown_with("evidence"), shown_with("detail")
    for name in ("state", "reason", "explanation", "what_to_do"):
        assert package[name] == AS_CONFIRMED[name]
    for name in ("title", "status", "code", "detail", "errors"):
        assert problem[name] == EXAMPLES["Problem"][name]


def test_the_columns_of_the_report_are_listed_as_in_its_header() -> None:
    listed = " ".join(PAGE.split()).partition("Its columns:")[2].partition(". ")[0]
    assert re.findall(r"`([^`]+)`", listed) == list(COLUMNS)
