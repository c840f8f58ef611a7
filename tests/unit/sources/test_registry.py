"""The sources by name, each imported alone."""

import subprocess
import sys

import pytest

from vtr.domain.errors import SourceNotFoundError
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import Response, WebhookRequest

REQUEST = WebhookRequest(body=b"{}")


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_answers_ok_and_asks_for_no_call(name: str) -> None:
    found = source(name)
    assert found.name == name
    answered = found.respond(REQUEST)
    assert answered.status == Response().status
    # Our own format tells how it was read: test_standard.py.
    assert (answered.body == b"") == (name != "standard")
    assert found.activation(REQUEST) is None


def test_a_source_nobody_knows_is_an_error_of_its_own() -> None:
    with pytest.raises(SourceNotFoundError):
        source("base")


def test_a_source_imports_no_other_source() -> None:
    script = (
        "import sys; from vtr.sources import source; source('fedex');"
        "print(*sorted(name for name in sys.modules if name.startswith('vtr.sources.')))"
    )
    loaded = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.split()
    assert "vtr.sources.fedex" in loaded
    assert "vtr.sources.dhl" not in loaded
    assert "vtr.sources.shared.precedence" not in loaded
