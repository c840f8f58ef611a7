"""``vtr demo``: a day of a real shop, played on the local stack."""

from vtr_cli.stack import PortOption, ready_stack
from vtr_client.console import output
from vtr_local.home import Home


def demo(*, port: PortOption = None) -> None:
    """Play a day of a real shop: orders, scans, rates, the report.

    Starts the stack if it is down, plays the day over HTTP, and compares every number that the
    stack returns with an independent count; the exit code is 1 if one differs. Repeating it
    changes nothing. The shop has an account of its own, beside yours.
    """
    from vtr_demo.play import play  # noqa: PLC0415  only this command needs it

    play(console=output(), home=Home.from_env(), record=ready_stack(port=port))
