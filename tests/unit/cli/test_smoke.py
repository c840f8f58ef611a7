"""`vtr smoke` where a stack does not work: which step says so, and that nothing is left open."""

from itertools import count
from typing import Any

import pytest

from support.stub_api import Answer, Route, problem, stub_api
from vtr.adapters.memory import MemoryPorts
from vtr.use_cases.manage_keys import list_keys
from vtr.use_cases.manage_sources import add_source, list_sources
from vtr_cli.smoke_steps import ACCOUNT, KEY_LIFETIME, STEPS, Outcome, Result, Run, run_steps

NAME = "0123abcd"
ORDER = f"/v1/orders/{NAME}"
WEBHOOK = "POST /v1/webhooks/standard/"


class Anything(dict[str, Route]):
    """Routes, among which the webhook's is found whatever secret its URL ends with."""

    def __missing__(self, key: str) -> Route:
        if not key.startswith(WEBHOOK) or key == WEBHOOK:
            raise KeyError(key)
        return self[WEBHOOK]


def a_stack(*, grows: bool = True, **broken: Answer) -> Anything:
    """A stack that works, but for the routes named by their last word; *grows*: the rate does."""
    package = {"state": "unconfirmed"}
    document = {"url": "http://127.0.0.1:1/report.csv"}
    routes = {
        "GET /v1/health": {"status": "ok"},
        "GET /v1/rates": {},
        f"PUT {ORDER}": {},
        f"PUT {ORDER}/packages/1": package,
        f"GET {ORDER}/packages/1": package,
        WEBHOOK: {},
        "POST /v1/reports": {"report_id": "r1", "status": "done", "rows": 1},
        "GET /v1/reports/r1/document": document,
    }
    answers = {
        key: broken.get(key.rpartition("/")[2], Answer(200, body)) for key, body in routes.items()
    }
    routes_found = {key: _always(answer) for key, answer in answers.items()}
    if "rates" not in broken:
        valid = count(5, int(grows))
        routes_found["GET /v1/rates"] = lambda _: Answer(200, {"overall": {"valid": next(valid)}})
    return Anything(routes_found)


def _always(answer: Answer) -> Route:
    return lambda _: answer


def tried(routes: dict[str, Route], ports: MemoryPorts) -> dict[str, Result]:
    """How the steps end; none waits for what does not come."""
    with stub_api(routes) as api:
        run = Run(ports, api.url, "ada", name=NAME, secret_seconds=0, rate_seconds=0)
        return {result.step: result for result in run_steps(run)}


def assert_fails_at(results: dict[str, Result], step: str) -> Result:
    """Everything before the step is well, everything after it skipped, and all closed again."""
    names = [each.name for each in STEPS]
    at = names.index(step)
    told = [results[name].outcome for name in names]
    expected = [Outcome.OK] * at + [Outcome.FAIL]
    assert told == [*expected, *[Outcome.SKIPPED] * (len(names) - at - 2), Outcome.OK]
    assert results[step].to_do
    return results[step]


def assert_closed(ports: MemoryPorts) -> None:
    assert list(list_sources(ports)) == []
    for key, _ in list_keys(ports, ACCOUNT):
        assert key.revoked_at


def test_where_nothing_answers_nothing_is_made() -> None:
    ports = MemoryPorts()
    run = Run(ports, "http://127.0.0.1:1", "ada", name=NAME)
    results = {result.step: result for result in run_steps(run)}
    assert "Nothing answers" in assert_fails_at(results, "the API answers").found
    assert results["everything is closed again"].found == "there was nothing to close"
    assert ports.accounts.get(ACCOUNT) is None


@pytest.mark.parametrize(
    ("step", "stack"),
    [
        ("a new key opens it", {"rates": problem(401, "There is no such key.")}),
        ("an order is placed", {NAME: problem(500, "The request failed on our side.")}),
        ("a signed scan is accepted", {"": problem(401, "The signature does not match.")}),
        ("a signed scan is accepted", {"": problem(500, "The request failed on our side.")}),
        ("the rate counts it", {"grows": False}),
        ("a report has it", {"reports": problem(500, "The request failed on our side.")}),
    ],
)
def test_a_step_that_fails_says_so_and_nothing_is_left_open(
    step: str, stack: dict[str, Any]
) -> None:
    ports = MemoryPorts()
    assert_fails_at(tried(a_stack(**stack), ports), step)
    assert_closed(ports)


def test_the_rate_is_given_up_with_what_the_package_is() -> None:
    failed = assert_fails_at(tried(a_stack(grows=False), MemoryPorts()), "the rate counts it")
    assert "the package is unconfirmed" in failed.found


def test_the_key_ends_by_itself_if_the_command_is_killed() -> None:
    ports = MemoryPorts()
    tried(a_stack(grows=False), ports)
    ((key, _),) = list_keys(ports, ACCOUNT)
    assert key.expires_at == key.created_at + KEY_LIFETIME


def test_a_run_after_one_that_was_killed_takes_its_source_over() -> None:
    ports = MemoryPorts()
    killed = add_source(ports, "standard", ACCOUNT)
    tried(a_stack(), ports)
    assert_closed(ports)
    results = tried(a_stack(), ports)
    assert results["a source is set up"].outcome is Outcome.OK
    assert killed.account == ACCOUNT
