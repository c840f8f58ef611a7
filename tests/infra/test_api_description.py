"""The API's description: made from the code, complete, and what is served is what the code says."""

from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest

from submit_tracking.batch_lines import lines_of
from support.aws import PROJECT, functions
from vtr.api.app import ApiApp
from vtr.api.app import Operation as ApiOperation
from vtr.api.problems import STATUS_OF
from vtr.api.validation import read_fields
from vtr_openapi.__main__ import FOLDER, documents
from vtr_openapi.bodies import BATCH_FILE
from vtr_openapi.components import fields_of
from vtr_openapi.description import describe
from vtr_openapi.examples import answer_examples
from vtr_openapi.inputs import OPEN, Once
from vtr_openapi.operation import Operation
from vtr_openapi.operations import OPERATIONS

OF_NO_OPERATION = {"route_not_found", "method_not_allowed", "out_of_time"}
"""What is answered where there is no operation to describe, or to a line of a batch alone."""

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: str(one.id))


class Page(HTMLParser):
    """What a page links to and loads, and whether every tag that opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str | None] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br", "hr"}:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                assert value not in self.anchors, f"two of {value}"
                self.anchors.add(value)
            if name in {"src", "srcset", "data", "action"} or tag == "link":
                self.loads.append(f"{tag} {name}={value}")
            elif name == "href":
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


@pytest.fixture(scope="module")
def page() -> str:
    return documents()["docs.html"]


def routes_of_the_template() -> set[str]:
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for function in functions().values()
        for event in function["Events"].values()
        if event["Type"] == "HttpApi" and "Path" in event["Properties"]
    }


def registered() -> dict[str, ApiOperation]:
    """What every handler registered. The webhooks' handler has no router: it takes what it gets."""
    found: dict[str, ApiOperation] = {}
    for handler in (PROJECT / "functions").glob("*/handler.py"):
        app = getattr(import_module(f"{handler.parent.name}.handler"), "app", None)
        if isinstance(app, ApiApp):
            found |= {
                route.replace("<", "{").replace(">", "}"): operation
                for route, operation in app.operations.items()
            }
    return found


def sent(operation: Operation) -> Iterator[type[msgspec.Struct]]:
    yield from (kind for kind in (operation.path, operation.query, operation.headers) if kind)
    if operation.body is not None:
        yield from operation.body.kinds


@pytest.mark.parametrize("name", ["openapi.json", "docs.html"])
def test_what_is_served_is_what_the_code_says(name: str) -> None:
    committed = (FOLDER / name).read_text("utf-8")
    assert committed == documents()[name], "run make docs"


def test_the_operations_are_the_routes_of_the_template_and_no_other() -> None:
    assert {operation.route for operation in OPERATIONS} == routes_of_the_template()


def test_the_operations_are_what_the_handlers_registered() -> None:
    ours = {one.route: one for one in OPERATIONS if one.scope is not None}
    found = registered()
    assert set(found) == set(ours)
    for route, operation in found.items():
        described = ours[route]
        taken = {kind for kind in (described.path, described.query) if kind}
        if described.body and len(described.body.kinds) == 1 and not described.body.texts:
            taken |= set(described.body.kinds)
        assert set(operation.inputs) == taken, route
        assert operation.scope is described.scope, route
        assert operation.idempotent == (described.headers is Once), route


def test_every_operation_has_an_id_of_its_own() -> None:
    assert len({operation.id for operation in OPERATIONS}) == len(OPERATIONS)


def test_every_error_that_can_be_answered_is_one_of_some_operation() -> None:
    described = {code for one in OPERATIONS for codes in one.errors.values() for code in codes} - {
        "internal_error"
    }
    assert described == set(STATUS_OF) - OF_NO_OPERATION


@each_operation
def test_every_field_that_is_sent_has_a_meaning_and_an_example(operation: Operation) -> None:
    for kind in sent(operation):
        for name, schema, required in fields_of(kind):
            assert "description" in schema or "$ref" in str(schema), (kind, name)
            known = "examples" in schema or "enum" in schema or "$ref" in str(schema)
            assert known or not required, (kind, name)


@each_operation
def test_the_example_that_is_sent_is_one_that_is_taken(operation: Operation) -> None:
    if operation.body is None or operation.body.kinds[0].__name__ in OPEN:
        return
    kind = operation.body.kinds[0]
    assert isinstance(read_fields(operation.body.example, kind), kind)


def test_the_example_of_a_file_is_one_that_is_taken() -> None:
    (line,) = lines_of(BATCH_FILE.encode(), "text/tab-separated-values")
    assert line["order"]["category"] == "electronics"


@each_operation
def test_every_answer_has_an_example_of_its_type(operation: Operation) -> None:
    examples: dict[str, Any] = answer_examples()
    for answer in operation.answers.values():
        for kind in answer.kinds:
            assert isinstance(msgspec.convert(examples[kind.__name__], kind), kind)


def test_every_operation_is_described_and_every_error_is_one_type() -> None:
    description = describe()
    assert description["servers"]
    assert description["info"]["contact"]["url"]
    for path in description["paths"].values():
        for operation in path.values():
            assert operation["description"].endswith(".")
            for status, answer in operation["responses"].items():
                if status >= "400":
                    (content,) = answer["content"].values()
                    # A generator of clients merges these; a constant beside `integer` it cannot.
                    problem, narrowed = content["schema"]["allOf"]
                    assert problem == {"$ref": "#/components/schemas/Problem"}
                    assert narrowed["properties"].keys() == {"code"}
                    assert narrowed["properties"]["code"]["type"] == "string"


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    read = Page(page)
    assert read.loads == []
    assert read.open == []
    assert "@import" not in page
    assert "url(" not in page


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    read = Page(page)
    within = [link[1:] for link in read.links if link.startswith("#")]
    assert len(within) > 100
    assert set(within) <= read.anchors


def test_the_page_has_every_operation_with_a_call_to_copy(page: str) -> None:
    for operation in OPERATIONS:
        assert f'id="{operation.id}"' in page
    assert page.count("curl ") >= len(OPERATIONS)


def test_the_call_that_downloads_a_report_unpacks_it_and_saves_no_refusal() -> None:
    described = describe()["paths"]["/v1/reports/{report_id}/document"]["get"]
    (sample,) = described["x-codeSamples"]
    assert {"-f", "-L", "--compressed"} <= set(sample["source"].split())


def test_the_files_are_in_the_folder_that_is_deployed() -> None:
    assert Path(FOLDER) == PROJECT / "functions" / "describe_api"
