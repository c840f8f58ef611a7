"""The source whose format is ours: what is read, what is not, and what its sender is told."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from vtr.domain.scans import Milestone, Physical
from vtr.sources import source
from vtr.sources.shared.base import WebhookRequest
from vtr.sources.shared.code_tables import code_table
from vtr.sources.standard import LARGEST_TOLD, MOST_TOLD
from vtr_openapi.description import describe

PAGE = (Path(__file__).parents[3] / "docs" / "standard-source.md").read_text("utf-8")
SECRET = "whsec_c2VjcmV0IG9mIHRoZSBzdGFuZGFyZCBzb3VyY2U="
STANDARD = source("standard")

A_SCAN = {
    "carrier": "UPS",
    "tracking_number": "1Z999AA10123456784",
    "occurred_at": "2026-11-28T21:00:00Z",
    "milestone": "accepted",
}


def body_of(*scans: Any, **changes: Any) -> bytes:
    document = {"type": "scan.recorded", "timestamp": "2026-11-29T08:00:00Z"}
    return json.dumps({**document, "data": {"scans": scans}, **changes}).encode()


def answer_to(body: bytes) -> Any:
    answered = STANDARD.respond(WebhookRequest(body=body))
    assert answered.status == 200
    return json.loads(answered.body)


def block(language: str) -> str:
    """The page's first block of code in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found.group(1)


def scan_schema() -> Mapping[str, Any]:
    schemas = describe()["components"]["schemas"]
    return {"$ref": "#/components/schemas/Delivery", "components": {"schemas": schemas}}


@pytest.mark.parametrize(
    ("said", "physical"),
    [
        *((True, Physical.YES), ("yes", Physical.YES), ("Yes", Physical.YES), ("true", "yes")),
        *((False, Physical.NO), ("no", Physical.NO), ("ambiguous", Physical.AMBIGUOUS)),
    ],
)
def test_physical_is_read_as_a_boolean_or_a_word(said: object, physical: Physical) -> None:
    body = body_of({**A_SCAN, "milestone": "in_transit", "physical": said})
    (scan,) = STANDARD.decode(body).scans
    assert scan.physical == physical
    assert answer_to(body) == {"accepted": 1, "skipped": [], "doubts": []}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"occurred_at": "nonsense"}, "occurred_at: 'nonsense' is no time"),
        ({"occurred_at": None}, "occurred_at: what was sent is no time"),
        ({"occurred_at": "2031-01-01T00:00:00Z"}, "is later than the body's timestamp"),
        ({"tracking_number": ""}, "tracking_number: what was sent has no letter"),
        ({"tracking_number": "??"}, "tracking_number: '??' has no letter and no digit"),
        ({"carrier": "", "tracking_number": "X"}, "carrier: is missing"),
    ],
)
def test_a_scan_that_cannot_be_taken_is_told_by_its_field(
    change: dict[str, Any], told: str
) -> None:
    answered = answer_to(body_of(A_SCAN, {**A_SCAN, **change}))
    assert answered["accepted"] == 1
    (reason,) = answered["skipped"]
    assert reason.startswith("scan 2: ")
    assert told in reason
    assert ". Send " in reason


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"milestone": "acepted"}, "milestone: 'acepted' is none of ours. Send label_created, "),
        ({"physical": "maybe"}, "physical: 'maybe' proves nothing. Send true, false"),
        ({"physical": 1}, "physical: '1' proves nothing"),
        ({"carrier": "Pigeon Post", "tracking_number": "PP1"}, "carrier: no carrier goes by"),
        ({"milestone": None}, "milestone: is missing, and physical too"),
    ],
)
def test_a_scan_in_doubt_is_taken_and_the_doubt_told(change: dict[str, Any], told: str) -> None:
    body = body_of({**A_SCAN, **change})
    answered = answer_to(body)
    assert (answered["accepted"], answered["skipped"]) == (1, [])
    (doubt,) = answered["doubts"]
    assert doubt.startswith(f"scan 1: {told}")
    assert ". Send " in doubt
    assert len(STANDARD.decode(body).scans) == 1


def test_a_scan_a_little_ahead_of_the_senders_clock_is_taken() -> None:
    local = {**A_SCAN, "occurred_at": "2026-11-29T20:00:00"}
    assert answer_to(body_of(local))["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"hello", "the body is not JSON"),
        (b"", "the body is not JSON"),
        (b'{"type": "scan.recorded"}', "the body has no object data"),
        (b'{"type": "scan"}', "type: 'scan' is not read here. Send 'scan.recorded'."),
        (body_of(7), "scan 1: must be an object"),
    ],
)
def test_a_body_without_a_scan_is_told_why(body: bytes, told: str) -> None:
    answered = answer_to(body)
    assert answered["accepted"] == 0
    (reason,) = answered["skipped"]
    assert reason.startswith(told)


def test_an_answer_is_short_however_much_is_wrong() -> None:
    told = answer_to(body_of(*[{"carrier": "x" * 200}] * 50))["skipped"]
    assert len(told) == MOST_TOLD + 1
    assert told[-1] == "And 30 more."
    assert max(map(len, told)) < 300


def test_nobody_waits_until_a_large_body_is_read() -> None:
    answered = answer_to(body_of({**A_SCAN, "place": "x" * LARGEST_TOLD}))
    assert answered == {"accepted": None, "skipped": [], "doubts": []}


@pytest.mark.parametrize("milestone", [each for each in Milestone if each != "unknown"])
def test_the_page_has_every_milestone_as_it_is_judged(milestone: Milestone) -> None:
    table = PAGE.partition("| milestone | physical")[2].partition("\n\n")[0]
    (row,) = [line for line in table.splitlines() if f"`{milestone}`" in line.split(" | ")[0]]
    judged = code_table("standard")["milestone", milestone]
    assert row.split(" | ")[1].removesuffix(" |").split(";")[0] == judged.physical
    assert ("partner" in row.split(" | ")[1]) == (judged.by == "partner")


def test_the_page_s_body_is_of_the_schema_and_is_read_whole() -> None:
    body = block("json")
    jsonschema.validate(json.loads(body), scan_schema())
    assert answer_to(body.encode()) == {"accepted": 1, "skipped": [], "doubts": []}


def test_the_page_has_every_field_of_the_schema() -> None:
    fields = describe()["components"]["schemas"]["ScanBody"]["properties"]
    assert {name for name in fields if f"| `{name}` |" not in PAGE} == set()


@pytest.mark.parametrize(
    "change",
    [
        *({"physical": value} for value in (True, False, "yes", "maybe", 1)),
        *({"milestone": value} for value in ("delivered", "acepted", 1)),
        *({name: None} for name in ("carrier", "tracking_number", "occurred_at")),
    ],
    ids=str,
)
def test_what_the_schema_refuses_is_told_and_nothing_else(change: dict[str, Any]) -> None:
    body = body_of({name: v for name, v in {**A_SCAN, **change}.items() if v is not None})
    fits = jsonschema.Draft202012Validator(scan_schema()).is_valid(json.loads(body))
    answered = answer_to(body)
    if "carrier" in change:  # the schema asks for it; a number that proves its carrier will do
        assert not fits
        assert answered["doubts"] == []
    else:
        assert fits == (not answered["skipped"] and not answered["doubts"])


def test_the_page_s_python_signs_what_is_verified() -> None:
    found: dict[str, Any] = {}
    exec(block("python"), found)  # noqa: S102 our own page
    body = body_of(A_SCAN)
    request = WebhookRequest(body=body, headers=found["headers"](SECRET, body))
    STANDARD.verify(request, [SECRET], datetime.now(UTC))


def test_the_page_s_shell_signs_what_is_verified(tmp_path: Path) -> None:
    body = body_of(A_SCAN)
    (tmp_path / "body.json").write_bytes(body)
    signing = block("sh").partition("curl ")[0]
    ran = subprocess.run(  # noqa: S603 our own page
        ["/bin/sh", "-c", f'{signing}\nprintf "%s\\n" "$id" "$timestamp" "$signature"'],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "VTR_WEBHOOK_SECRET": SECRET},
        check=True,
        capture_output=True,
        text=True,
    )
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = dict(zip(names, ran.stdout.splitlines(), strict=True))
    STANDARD.verify(WebhookRequest(body=body, headers=headers), [SECRET], datetime.now(UTC))
