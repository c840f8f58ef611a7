"""Rate limits: an account that asks for too much has to wait; nobody else has."""

from typing import Any

from integration.deployment import Answer, Deployment
from integration.problems import assert_problem
from integration.requests import SECURED, a_line, a_scan, an_order
from support.events import scans_body
from vtr.domain.accounts import Scope
from vtr.domain.limits import Limits
from vtr.use_cases.meter_requests import set_limits

CALLS = 6
"""With a limit of 1 at most two calls a minute get through, and these take no third minute."""


def limit(vtr: Deployment, account: str = "acme", **limits: int) -> str:
    """A key of an account with these limits."""
    key = vtr.key(*Scope, account=account)
    set_limits(vtr.aws.ports(), account, Limits(**limits))
    return key


def refused(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status == 429]


def test_beyond_its_limit_an_account_is_told_how_long_to_wait(vtr: Deployment) -> None:
    key = limit(vtr, requests=1)
    answers = [vtr.call("GET", "/v1/rates", key=key) for _ in range(CALLS)]
    assert answers[0].status == 200
    for answer in refused(answers):
        assert_problem(answer, "too_many_requests")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert len(refused(answers)) >= CALLS - 4


def test_the_limit_holds_across_routes_functions_and_keys(vtr: Deployment) -> None:
    limit(vtr, requests=1)
    keys = [vtr.key(*Scope), vtr.key(Scope.READ), vtr.key(Scope.REPORT)]
    answers = [vtr.call(method, path, {}, key=key) for method, path, _ in SECURED for key in keys]
    assert len(refused(answers)) >= len(answers) // 2


def test_one_account_does_not_use_up_anothers_limit(vtr: Deployment) -> None:
    busy, quiet = limit(vtr, requests=1), vtr.key(*Scope, account="quiet")
    assert refused([vtr.call("GET", "/v1/rates", key=busy) for _ in range(CALLS)])
    assert vtr.call("GET", "/v1/rates", key=quiet).status == 200


def test_a_batch_counts_by_its_lines(vtr: Deployment) -> None:
    key = limit(vtr, lines=500)
    batch: dict[str, Any] = {"packages": [{} for _ in range(400)]}
    answers = [vtr.call("POST", "/v1/packages/batch", batch, key=key) for _ in range(CALLS)]
    assert answers[0].status == 200
    assert len(refused(answers)) >= CALLS - 4
    assert_problem(refused(answers)[0], "too_many_requests")
    assert vtr.call("GET", "/v1/rates", key=key).status == 200


def test_a_batch_that_is_told_to_wait_confirms_nothing(vtr: Deployment) -> None:
    key = limit(vtr, lines=500)
    answers = {}
    for n in range(CALLS):
        batch = {"packages": [a_line(f"114-{n}"), *({} for _ in range(400))]}
        answers[n] = vtr.call("POST", "/v1/packages/batch", batch, key=key).status
    assert set(answers.values()) == {200, 429}
    for n, status in answers.items():
        found = vtr.call("GET", f"/v1/orders/114-{n}", key=key).status
        assert found == {200: 200, 429: 404}[status]


def test_reports_have_a_limit_of_their_own(vtr: Deployment) -> None:
    key = limit(vtr, reports=1)
    answers = [vtr.call("POST", "/v1/reports", {}, key=key) for _ in range(CALLS)]
    assert answers[0].status == 202
    assert len(refused(answers)) >= CALLS - 4
    asked = len(answers) - len(refused(answers))
    assert len(vtr.aws.take("ReportsQueue")) == asked
    assert vtr.call("GET", answers[0].headers["location"], key=key).status == 200


def test_scans_have_no_limit_of_an_account(vtr: Deployment) -> None:
    limit(vtr, requests=1, lines=500)
    answers = [vtr.deliver(scans_body(a_scan())) for _ in range(CALLS)]
    assert [answer.status for answer in answers] == [200] * CALLS


def test_a_guessed_key_uses_up_nothing(vtr: Deployment) -> None:
    key = limit(vtr, requests=1)
    guessed = "_".join([*key.split("_")[:2], "guessed"])
    for _ in range(CALLS):
        assert vtr.call("GET", "/v1/rates", key=guessed).status == 401
    assert vtr.call("GET", "/v1/rates", key=key).status == 200


def test_an_account_has_a_limited_number_of_categories(vtr: Deployment) -> None:
    """One that sends titles for categories breaks no count, and known categories go on."""
    key = limit(vtr, categories=2)

    def send(order_id: str, category: str) -> Answer:
        line = a_line(order_id)
        package = {"carrier": line["carrier"], "tracking_number": line["tracking_number"]}
        package |= {
            "ship_date": line["ship_date"],
            "order": {**line["order"], "category": category},
        }
        return vtr.call("PUT", f"/v1/orders/{order_id}/packages/1", package, key=key)

    answers = [
        send(f"114-{n}", name) for n, name in enumerate(["books", "toys", "a title", "toys"])
    ]
    assert [answer.status for answer in answers] == [201, 201, 422, 201]
    assert_problem(answers[2], "too_many_categories")
    placed = vtr.call("PUT", "/v1/orders/115-1", {**an_order(), "category": "SKU 7"}, key=key)
    assert_problem(placed, "too_many_categories")
    assert vtr.call("GET", "/v1/orders/114-2", key=key).status == 404
