"""Accept a webhook: proven to come from its source, and durable before it is answered."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from vtr.use_cases.ports import Ports


def accept_delivery(
    ports: Ports,
    source: str,
    verify: Callable[[Sequence[str]], None],
    body: bytes,
    now: datetime,
) -> None:
    """Keep a body if *verify*, given the source's live secrets, does not object.

    What is not authentic is never kept. Reading the body is left for later: the sender gets its
    answer within milliseconds, and a body that cannot be read is not the sender's to mend.
    """
    verify(ports.source_secrets.of(source))
    ports.deliveries.send(source, body, hashlib.sha256(body).hexdigest(), now)
