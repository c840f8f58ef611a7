"""`vtr demo`: a day of a real shop, played on the local stack."""

from vtr_cli.stack import ready_stack
from vtr_client.console import output


def demo() -> None:
    """Play a day of a real shop: orders, scans, rates, the report.

    Brings the stack up where it is not, plays on it over HTTP, and compares every number that the
    stack gives with a count made independently of it; the exit code is 1 if one differs. Doing it
    again changes nothing.
    """
    from vtr_demo.play import play  # noqa: PLC0415  only this command needs it

    play(console=output(), record=ready_stack())
