"""`vtr submit`: files of confirmations, their lines, and what became of each."""

import json
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from support.command_line import KEY, CommandLine
from support.stub_api import Answer, Request, problem, stub_api

BATCH = "POST /v1/packages/batch"
CSV = """order-id,package-id,ship-date,carrier-name,tracking-number,placed-at,category,value-amount
o-1,1,2026-10-21,UPS,1Z999AA10123456784,2026-10-20T18:04:00Z,books,24.90
o-2,1,2026-10-21,,,,,
"""
TSV = (
    'order-id\tpackage-id\tship-date\tcarrier-name\ttracking-number\no-1\t1\t2026-10-21\tUPS\t1"Z\n'
)


def answer_batch(request: Request) -> Answer:
    """Accept every package but those of the order `bad`."""
    results: list[dict[str, Any]] = []
    for line, package in enumerate(request.document["packages"], start=1):
        of = {"line": line, "order_id": package["order_id"], "package_id": package["package_id"]}
        if package["order_id"] == "bad":
            why = {"detail": "ship_date lies too far ahead.", "code": "invalid_request"}
            results.append(of | {"status": 422, "problem": why})
        else:
            judged = {"state": "pending", "reason": "NO_SCAN"}
            results.append(of | {"status": 201, "package": judged})
    return Answer(200, {"results": results})


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def json_lines(*orders: str) -> str:
    return "".join(json.dumps({"order_id": order, "package_id": "1"}) + "\n" for order in orders)


def test_a_table_is_sent_with_the_orders_facts_beneath_the_order(
    vtr: CommandLine, tmp_path: Path
) -> None:
    with stub_api({BATCH: answer_batch}) as api:
        ran = vtr.speaking_to(api)("submit", written(tmp_path, "day.csv", CSV))
    assert ran.exit_code == 0, ran.err
    assert api.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert api.requests[0].document["packages"] == [
        {
            "order_id": "o-1",
            "package_id": "1",
            "ship_date": "2026-10-21",
            "carrier": "UPS",
            "tracking_number": "1Z999AA10123456784",
            "order": {
                "placed_at": "2026-10-20T18:04:00Z",
                "category": "books",
                "value": {"amount": "24.90"},
            },
        },
        {
            "order_id": "o-2",
            "package_id": "1",
            "ship_date": "2026-10-21",
            "carrier": "",
            "tracking_number": "",
        },
    ]


def test_a_tab_separated_file_knows_no_quotes(vtr: CommandLine, tmp_path: Path) -> None:
    with stub_api({BATCH: answer_batch}) as api:
        vtr.speaking_to(api)("submit", written(tmp_path, "day.txt", TSV))
    assert api.requests[0].document["packages"][0]["tracking_number"] == '1"Z'


def test_each_line_gets_its_result_and_one_rejected_makes_the_exit_code_1(
    vtr: CommandLine, tmp_path: Path
) -> None:
    file = written(tmp_path, "day.jsonl", json_lines("o-1") + "\n" + json_lines("bad", "o-3"))
    with stub_api({BATCH: answer_batch}) as api:
        ran = vtr.speaking_to(api)("submit", file)
    assert ran.exit_code == 1
    assert ran.out.splitlines() == [
        "line 1     o-1 / 1  pending     NO_SCAN",
        "line 3     bad / 1  rejected    ship_date lies too far ahead.",
        "line 4     o-3 / 1  pending     NO_SCAN",
    ]
    assert ran.err == "2 accepted, 1 rejected.\n"


def test_a_long_file_is_sent_in_chunks_and_its_lines_keep_their_numbers(vtr: CommandLine) -> None:
    stdin = json_lines(*(f"o-{number}" for number in range(1, 121)))
    with stub_api({BATCH: answer_batch}) as api:
        ran = vtr.speaking_to(api)("submit", "-", "--format", "jsonl", "--json", stdin=stdin)
    assert [len(request.document["packages"]) for request in api.requests] == [50, 50, 20]
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert [result["line"] for result in results] == list(range(1, 121))
    assert results[119]["order_id"] == "o-120"


def test_when_a_chunk_is_refused_the_message_says_what_was_answered_before(
    vtr: CommandLine,
) -> None:
    def second_is_refused(request: Request) -> Answer:
        return answer_batch(request) if len(api.requests) == 1 else problem(429, "Slow down.")

    with stub_api({BATCH: second_is_refused}) as api:
        stdin = json_lines(*(f"o-{number}" for number in range(60)))
        ran = vtr.speaking_to(api)("submit", "-", "--format", "jsonl", stdin=stdin)
    assert ran.exit_code == 1
    assert len(ran.out.splitlines()) == 50
    assert ran.err == "Slow down. Lines before 51 were answered.\n"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("day.xlsx", "", "does not say its format"),
        ("day.jsonl", '{"order_id": "o-1"}\n{oops}\n', "day.jsonl, line 2 is not JSON"),
        ("day.jsonl", "[]\n", "day.jsonl, line 1 is no JSON object."),
        ("day.jsonl", "\n\n", "holds no confirmation."),
        ("day.csv", CSV.replace(",books", ",,books"), "line 2 has 9 cells, not 8."),
        (
            "day.csv",
            CSV.replace(",", ";"),
            "Its cells are between semicolons: save it with commas.",
        ),
        ("day.csv", CSV.replace("placed-at", "order_id"), "has the column order-id more than once"),
        ("day.csv", "order-id,ship-date\no-1,2026-10-21\n", "lacks the column package-id."),
        ("day.csv", CSV.replace(",UPS,", ',"UPS,'), "line 2 cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line_and_nothing_is_sent(
    vtr: CommandLine, tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    with stub_api({}) as api:
        ran = vtr.speaking_to(api)("submit", written(tmp_path, name, content))
    assert ran.exit_code == 2
    assert sentence in ran.err
    assert (ran.out, api.requests) == ("", [])


def test_a_file_that_is_not_there_or_not_utf_8_is_a_sentence(
    vtr: CommandLine, tmp_path: Path
) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(CSV.encode() + b"\xe9\n")
    assert vtr("submit", "nowhere.csv").err == "There is no file nowhere.csv.\n"
    assert "latin.csv, line 4 is not UTF-8." in vtr("submit", latin).err
    book = tmp_path / "day.xlsx"
    book.write_bytes(b"PK\x03\x04\xff")
    assert vtr("submit", book).err.endswith(
        "day.xlsx is a workbook. Save its sheet as CSV (UTF-8).\n"
    )
    assert vtr("submit", latin).exit_code == 2


PICK = "Pick the carrier from the list of carriers (GET /v1/carriers or vtr carriers)."


def unconfirmed(request: Request) -> Answer:
    """Judge every package as the API judges one of an unknown carrier."""
    judged = {
        "state": "unconfirmed",
        "reason": "CARRIER_UNKNOWN",
        "explanation": "No carrier goes by the name 'Fedx'.",
        "what_to_do": PICK,
        "carrier": {"stated": "Fedx", "suggestions": [{"code": "fedex", "name": "FedEx"}]},
    }
    ids = {"order_id": "o-1", "package_id": "1"}
    lines = range(1, len(request.document["packages"]) + 1)
    return Answer(
        200, {"results": [ids | {"line": line, "status": 201, "package": judged} for line in lines]}
    )


def test_what_does_not_count_says_why_and_what_to_do(vtr: CommandLine) -> None:
    with stub_api({BATCH: unconfirmed}) as api:
        ran = vtr.speaking_to(api)("submit", "-", "--format", "jsonl", stdin=json_lines("o-1"))
    assert ran.exit_code == 0
    assert ran.out.splitlines() == [
        "line 1     o-1 / 1  unconfirmed CARRIER_UNKNOWN",
        f"{'':11}No carrier goes by the name 'Fedx'. {PICK} Did you mean FedEx?",
    ]


def test_a_columns_problem_is_told_in_the_files_own_words(vtr: CommandLine, tmp_path: Path) -> None:
    def refuse(_: Request) -> Answer:
        detail = "order.placed_at: is no time. Send a time. carrier: is too long."
        errors = [{"field": "ship_date", "rule": "must be a day", "remedy": "Name the carrier."}]
        wrong = {"line": 1, "status": 422, "problem": {"detail": detail, "errors": errors}}
        return Answer(200, {"results": [wrong]})

    file = written(tmp_path, "day.csv", CSV.replace("placed-at", "Placed At"))
    with stub_api({BATCH: refuse}) as api:
        ran = vtr.speaking_to(api)("submit", file)
    assert ran.out.endswith(
        "Placed At: is no time. Send a time. carrier-name: is too long. "
        "ship-date: must be a day. Name the carrier.\n"
    )


def test_columns_that_the_api_does_not_know_are_named_and_left_out(
    vtr: CommandLine, tmp_path: Path
) -> None:
    file = written(tmp_path, "day.csv", CSV.replace("category", "Categry", 1))
    with stub_api({BATCH: answer_batch}) as api:
        ran = vtr.speaking_to(api)("submit", file)
    assert ran.exit_code == 0
    assert ran.err.startswith("Columns left out: Categry (did you mean category?).\n")
    assert "category" not in api.requests[0].document["packages"][0]["order"]


def test_ctrl_c_says_what_was_done(vtr: CommandLine) -> None:
    def second_is_interrupted(request: Request) -> Answer:
        if len(api.requests) > 1:
            main = threading.main_thread().ident
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)
        return answer_batch(request)

    with stub_api({BATCH: second_is_interrupted}) as api:
        stdin = json_lines(*(f"o-{number}" for number in range(60)))
        ran = vtr.speaking_to(api)("submit", "-", "--format", "jsonl", stdin=stdin)
    assert ran.exit_code == 130
    assert ran.err == (
        "Stopped after 50 of 60 lines; those on their way may have been recorded. "
        "Submit the file again: nothing is counted twice.\n"
    )
