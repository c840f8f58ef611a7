"""``vtr protect``: keep a stack and its data from being deleted or replaced by mistake."""

from vtr_cli.deployed import deployed
from vtr_cli.target import StackOption
from vtr_client.console import messages
from vtr_local.home import PROJECT

DATA_POLICY = PROJECT / "infra" / "data-policy.json"
"""The stack policy of the data's stack: no update may replace or delete what holds data."""


def protect(stack: StackOption = None) -> None:
    """Protect a stack and its data: neither is deleted, no table or bucket is replaced.

    To be run after every deployment, which can set none of this itself. Repeating it changes
    nothing.
    """
    with deployed(stack) as found:
        cloudformation = found.client("cloudformation")
        for name in (found.data_stack, found.name):
            cloudformation.update_termination_protection(
                StackName=name, EnableTerminationProtection=True
            )
        policy = DATA_POLICY.read_text(encoding="utf-8")
        cloudformation.set_stack_policy(StackName=found.data_stack, StackPolicyBody=policy)
    messages().print(
        f"{found.name} and {found.data_stack} cannot be deleted, and no update replaces a table or "
        "the bucket."
    )
