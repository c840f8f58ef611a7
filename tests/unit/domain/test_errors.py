"""Errors: their codes stay, and each says what is wrong and what to do."""

import inspect
import re

import pytest

from vtr.domain import errors
from vtr.domain.errors import ThrottledError, UnauthenticWebhookError, VtrError

# They were given before the names that these classes have now.
FORMER = {
    "AccountNotFoundError": "account_unknown",
    "KeyNotFoundError": "key_unknown",
    "OrderFactsMissingError": "order_unknown",
    "VtrError": "internal_error",
}
KINDS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, VtrError)
]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_an_error_has_the_code_of_its_name(kind: type[VtrError]) -> None:
    words = re.findall(r"[A-Z][a-z]*", kind.__name__.removesuffix("Error"))
    assert kind.code == FORMER.get(kind.__name__, "_".join(words).lower())


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_an_error_has_a_title_for_people(kind: type[VtrError]) -> None:
    assert " " in kind.title


def test_whom_the_store_throttles_is_told_to_come_back_in_seconds() -> None:
    assert ThrottledError.retry_after == 5


def test_a_webhook_that_nobody_signed_is_told_why_and_what_to_check() -> None:
    told = str(UnauthenticWebhookError("the token has expired"))
    assert "the token has expired." in told
    assert "Check the secret" in told
