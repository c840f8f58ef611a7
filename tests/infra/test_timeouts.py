"""A call to AWS or to a source gives up before its function is killed, and is tried again first."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.session import Session

from contract.builders import NOW
from infra.test_circles import graph_of
from submit_tracking.confirm import RESERVE_SECONDS
from support.aws import Aws, aws_account, functions, main_template
from support.modules import modules
from vtr.adapters import https
from vtr.adapters.aws_clients import BUDGETS, WEBHOOK_BUDGET, Budget
from vtr.adapters.sqs import INLINE_BYTES
from vtr.bootstrap import AwsPorts
from vtr.domain.deliveries import AcceptedDelivery
from vtr.ports import Ports
from vtr.settings import Settings, SettingsError

MODULES = sorted(functions())
FUNCTIONS = Path(__file__).parents[2] / "functions"
PORTS = {*(name for name in vars(Ports) if not name.startswith("_")), "kept_answers"}
PORTS |= {"delivery_bodies", "received_messages"}
LARGE = AcceptedDelivery(
    source="ups", body=b" " * (INLINE_BYTES + 1), delivery_id="d1", received_at=NOW
)


@pytest.fixture
def aws() -> Iterator[Aws]:
    with aws_account() as account:
        yield account


def timeout_of(module: str) -> float:
    shared = main_template()["Globals"]["Function"]["Timeout"]
    return float(functions()[module].get("Timeout", shared))


@cache
def ports_of(module: str) -> set[str]:
    """The ports that are named in a function's own modules and in all that these import."""
    files, graph = modules(FUNCTIONS), graph_of(FUNCTIONS)
    reached, new = set[str](), {f"{module}.handler"}
    while new:
        reached |= new
        new = set[str]().union(*(graph[each] for each in new)) - reached
    texts = [files[each].read_text("utf-8") for each in reached]
    named = {
        name
        for text in texts
        for name in re.findall(r"(?<!vtr\.)\b(?:ports|services\(\))\.(\w+)", text)
    }
    return named & PORTS


def clients_of(aws: Aws, module: str) -> dict[str, list[Config]]:
    """The configuration of every client that a function's ports make, by service."""
    made: dict[str, list[Config]] = {}
    create = Session.create_client

    def watched(session: Session, service: Any, *args: Any, **more: Any) -> Any:
        client: Any = create(session, service, *args, **more)
        made.setdefault(service, []).append(client.meta.config)
        return client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "create_client", watched)
        ports = AwsPorts(Settings.from_env(aws.environment_of(module)))
        for port in sorted(ports_of(module)):
            # A module that several functions share names ports that not all of them use.
            with suppress(SettingsError):
                getattr(ports, port)
        if "deliveries" in vars(ports):
            ports.deliveries.send(LARGE)
    return made


def budget_of(config: Any) -> Budget:
    assert config.retries["mode"] == "standard"
    return Budget(config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"])


@pytest.mark.parametrize("module", MODULES)
def test_a_call_to_aws_ends_before_its_function_and_is_tried_more_than_once(
    aws: Aws, module: str
) -> None:
    for configs in clients_of(aws, module).values():
        for config in configs:
            assert budget_of(config).attempts > 1
            assert budget_of(config).longest < timeout_of(module)


def test_every_service_is_among_those_that_are_looked_at(aws: Aws) -> None:
    services: set[str] = set()
    for module in MODULES:
        services |= set(clients_of(aws, module))
    assert services == set(BUDGETS)


def test_what_a_webhook_waits_for_has_the_smallest_budget(aws: Aws) -> None:
    made = clients_of(aws, "ingest_scans")
    assert budget_of(made["s3"][-1]) == WEBHOOK_BUDGET
    assert {budget_of(made[service][0]) for service in ("sqs", "secretsmanager")} == {
        WEBHOOK_BUDGET
    }


def test_a_webhook_that_waits_for_every_service_in_turn_is_answered_before_it_is_killed() -> None:
    keys = https.LONGEST_SECONDS + https.TIMEOUT_SECONDS
    assert 3 * WEBHOOK_BUDGET.longest + keys < timeout_of("ingest_scans")


def test_a_line_that_is_begun_may_fail_at_a_call_and_still_be_answered() -> None:
    assert BUDGETS["dynamodb"].longest < RESERVE_SECONDS
    assert 0.5 * timeout_of("submit_tracking") > RESERVE_SECONDS


def test_the_longest_wait_is_that_of_all_attempts_and_the_pauses_between_them() -> None:
    assert Budget(1, 2, 1).longest == 3
    assert Budget(1, 2, 3).longest == 3 * 3 + 1 + 2


def test_a_call_to_a_source_ends_before_the_function_that_waits_for_it() -> None:
    longest = https.LONGEST_SECONDS + https.TIMEOUT_SECONDS
    assert longest < min(timeout_of("ingest_scans"), timeout_of("record_scans"))
