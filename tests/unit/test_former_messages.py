"""Messages of former versions, which wait in a queue or among its dead letters for two weeks.

``former_messages.json`` was written by these versions. A canary also hands new messages to the
former version, and a rollback all of them: what that version read must still be there.
"""

import json
from pathlib import Path

import msgspec
import pytest

from vtr import messages
from vtr.messages import read_message, write_message

FORMER = json.loads((Path(__file__).parents[1] / "fixtures" / "former_messages.json").read_text())
KINDS: dict[str, type[msgspec.Struct]] = {
    name: kind
    for name, kind in vars(messages).items()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
}


@pytest.mark.parametrize("former", FORMER, ids=lambda former: former["body"])
def test_a_message_of_a_former_version_means_what_it_meant(former: dict[str, str]) -> None:
    said = json.loads(former["body"])
    read = json.loads(write_message(read_message(former["body"], KINDS[former["kind"]])))
    assert {name: read[name] for name in said} == said
