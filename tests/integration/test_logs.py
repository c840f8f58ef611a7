"""What is logged: enough to find a request by, and nothing that was sent in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.requests import UPS, a_package, a_scan
from support.events import REQUEST_ID
from vtr.observability import logger

PACKAGE = "/v1/orders/114-1/packages/1"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logger.registered_formatter)
    ours = logging.getLogger(logger.name)
    ours.addHandler(handler)
    yield text
    ours.removeHandler(handler)


def lines(log: io.StringIO, message: str) -> list[dict[str, Any]]:
    logged = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in logged if line["message"] == message]


def test_nothing_that_a_caller_sent_is_logged(vtr: Deployment, log: io.StringIO) -> None:
    secret = vtr.key().rpartition("_")[2]
    vtr.call("PUT", PACKAGE, a_package(carrier="Top Secret Couriers"))
    vtr.scan(a_scan(place="Secret Street 1"))
    assert lines(log, "recorded")
    for private in (secret, "Top Secret", "Secret Street", UPS[0], "whsec_"):
        assert private not in log.getvalue()


def test_every_request_leaves_one_line_to_find_it_by(vtr: Deployment, log: io.StringIO) -> None:
    vtr.call("GET", "/v1/rates")
    (line,) = lines(log, "answered")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/rates", 200)
    assert line["account"] == "acme"


def test_a_refusal_names_its_code(vtr: Deployment, log: io.StringIO) -> None:
    vtr.call("GET", PACKAGE)
    (line,) = lines(log, "refused")
    assert line["code"] == "package_not_found"


def test_one_accounts_name_does_not_stay_for_the_next_caller(
    vtr: Deployment, log: io.StringIO
) -> None:
    vtr.call("GET", "/v1/rates")
    vtr.call("GET", "/v1/rates", key="")
    assert "account" not in lines(log, "answered")[-1]


def test_what_went_wrong_inside_is_logged_with_its_cause(vtr: Deployment, log: io.StringIO) -> None:
    key = vtr.key()
    vtr.aws.drop_tables()
    vtr.call("GET", "/v1/rates", key=key)
    (line,) = lines(log, "failed")
    assert line["level"] == "ERROR"
    assert "Traceback" in line["exception"]


def test_what_went_wrong_is_found_by_the_id_that_the_caller_was_told(
    vtr: Deployment, log: io.StringIO
) -> None:
    key = vtr.key()
    vtr.aws.drop_tables()
    vtr.call("GET", "/v1/rates", key=key)
    (line,) = lines(log, "failed")
    assert REQUEST_ID in line.values()
