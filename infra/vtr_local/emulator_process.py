"""The emulator's own process: ``python -m vtr_local.emulator_process LOCK``.

It runs in the background and holds an exclusive lock on LOCK until it ends, in whatever way. So if
the lock is taken, the process id in the file is that of this process, and not of a later program
with a reused id.
"""

import fcntl
import os
import sys
from pathlib import Path
from typing import Any

from vtr_local.alarms import embedded_metrics


def main() -> None:
    with Path(sys.argv.pop()).open("a+", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        if child := os.fork():
            # The lock stays taken: the child has it too.
            lock.write(f"{child}\n")
            lock.flush()
            os._exit(0)
        os.setsid()
        from ministack.app import main as serve  # noqa: PLC0415  it reads the environment on import

        # The emulator's own level: functions would inherit it, and log neither audits nor requests.
        os.environ.pop("LOG_LEVEL", None)
        keep_attributes_of_nested_stacks()
        take_metrics_from_logs()
        read_concurrency_as_a_number()
        serve()


def keep_attributes_of_nested_stacks() -> None:
    """Patch the emulator's update of a nested stack.

    ministack 1.5.33 forgets the attributes of every resource in it that did not change, so that
    the next ``Fn::GetAtt`` of one fails ("Requested attribute Arn does not exist in schema"). They
    are still in the stack's record, and are copied from there.
    """
    from ministack.services.cloudformation import _stacks, provisioners  # noqa: PLC0415

    update_resource = provisioners._update_resource  # noqa: SLF001

    def update_keeping_attributes(
        resource_type: str,
        physical_id: str,
        old_props: dict[str, Any],
        new_props: dict[str, Any],
        stack_name: str,
        logical_id: str | None = None,
        old_attrs: dict[str, Any] | None = None,
    ) -> Any:
        if old_attrs is None:
            recorded = _stacks.get(stack_name, {}).get("_resources", {}).get(logical_id, {})
            old_attrs = recorded.get("Attributes")
        return update_resource(
            resource_type, physical_id, old_props, new_props, stack_name, logical_id, old_attrs
        )

    provisioners._update_resource = update_keeping_attributes  # noqa: SLF001


def take_metrics_from_logs() -> None:
    """Patch the emulator's log of a function: ministack 1.5.33 takes no metrics out of it."""
    from ministack.services import cloudwatch, lambda_svc  # noqa: PLC0415

    emit_logs = lambda_svc._emit_lambda_logs  # noqa: SLF001

    def emit_logs_and_metrics(
        function: dict[str, Any], request_id: str, text: str, *more: Any, **options: Any
    ) -> None:
        emit_logs(function, request_id, text, *more, **options)
        for found in embedded_metrics(text):
            cloudwatch._store_datum(  # noqa: SLF001
                *(found.namespace, found.name, found.dimensions, found.time, found.unit),
                *(None, found.values, None, None),
            )

    lambda_svc._emit_lambda_logs = emit_logs_and_metrics  # noqa: SLF001


def read_concurrency_as_a_number() -> None:
    """Patch the emulator's reading of an event source mapping.

    ministack 1.5.33 keeps ``MaximumConcurrency`` as the text that a parameter is, and then receives
    nothing from any queue ("'>=' not supported between instances of 'int' and 'str'").
    """
    from ministack.services import lambda_svc  # noqa: PLC0415

    concurrency = lambda_svc._sqs_esm_concurrency  # noqa: SLF001

    def concurrency_as_a_number(mapping: dict[str, Any], *more: Any) -> Any:
        if scaling := mapping.get("ScalingConfig"):
            mapping = mapping | {"ScalingConfig": {name: int(n) for name, n in scaling.items()}}
        return concurrency(mapping, *more)

    lambda_svc._sqs_esm_concurrency = concurrency_as_a_number  # noqa: SLF001


if __name__ == "__main__":
    main()
