"""An internal error is answered like any refusal, and reveals nothing of the inside."""

from collections.abc import Iterator

import pytest

from integration.deployment import Deployment, deployment
from integration.problems import assert_problem
from integration.requests import SECURED
from support.events import REQUEST_ID
from vtr.domain.accounts import Scope


@pytest.fixture(scope="module")
def broken() -> Iterator[Deployment]:
    """A deployment whose tables are gone."""
    with deployment() as found:
        found.key()
        found.aws.drop_tables()
        yield found


@pytest.mark.parametrize(("method", "path", "_"), SECURED)
def test_what_goes_wrong_inside_is_not_told(
    broken: Deployment, method: str, path: str, _: Scope
) -> None:
    answer = broken.call(method, path, {})
    assert_problem(answer, "internal_error")
    assert set(answer.json) == {"type", "title", "status", "code", "detail", "request_id"}
    assert answer.json["request_id"] == REQUEST_ID
    for inside in ("Table", "dynamo", "Traceback", "Exception", "Error", "vtr/", ".py"):
        assert inside not in answer.text.replace(answer.json["type"], "")
