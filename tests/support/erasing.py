"""An operator's commands to erase, and what is left where."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.erasures import WRITERS_END
from vtr.use_cases.erase import Command

OPERATOR = "arn:aws:iam::123456789012:user/ada"


def a_command(
    world: World, *, meanwhile: Callable[[], object] = lambda: None, **changes: Any
) -> Command:
    """A command by which *meanwhile* happens while it waits for other writers."""

    def wait() -> None:
        world.passes(seconds=WRITERS_END.total_seconds())
        meanwhile()

    return Command(
        **{
            "by": OPERATOR,
            "clock": lambda: world.now,
            "wait": wait,
            "decode": lambda _: (),
            **changes,
        }
    )


def a_body(world: World, text: str, delivery_id: str, **changes: Any) -> AcceptedDelivery:
    """A body that came in the hour before now."""
    return AcceptedDelivery(
        **{
            "source": "ups",
            "body": text.encode(),
            "delivery_id": delivery_id,
            "received_at": world.now - timedelta(hours=1),
            **changes,
        }
    )


def traces(ports: MemoryPorts, *words: str) -> list[str]:
    """Return the stores in which one of these words is found, anywhere in what they hold."""
    return [
        field.name
        for field in fields(ports)
        if any(word in repr(vars(getattr(ports, field.name))) for word in words)
    ]
