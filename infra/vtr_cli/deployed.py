"""A deployed stack: its resources, those of its data and its nested stacks, and its queues."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from vtr.bootstrap import AwsPorts
from vtr_cli.target import ports_of
from vtr_client.errors import InputError
from vtr_local.stack import STACK

QUEUES = {
    "scans": ("ScansQueue", "ScansDeadLetters"),
    "recounts": ("RecountsQueue", "RecountsDeadLetters"),
    "reports": ("ReportsQueue", "ReportsDeadLetters"),
    "amazon": ("AmazonNotifications/Queue", "AmazonNotifications/DeadLetters"),
}
"""By the queue's name here: the paths of the queue and its DLQ in the templates."""


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """A queue and its DLQ, by their URLs."""

    name: str
    url: str
    dead_letters: str


@dataclass
class Deployed:
    """A stack.

    A resource's path is its logical id, prefixed with the path of its nested stack; the resources
    of the data's stack are under ``Data/``.
    """

    name: str
    ports: AwsPorts
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            import boto3  # noqa: PLC0415  slow to import, and few commands need it

            self._clients[service] = boto3.Session().client(service)
        return self._clients[service]

    def of_kind(self, kind: str) -> dict[str, str]:
        """Return the resources of one type: physical ids by path."""
        return {
            path: physical for path, (each, physical) in self._resources.items() if each == kind
        }

    @cached_property
    def queues(self) -> dict[str, WorkQueue]:
        """The queues of this stack; not every stack has all of them."""
        urls = self.of_kind("AWS::SQS::Queue")
        return {
            name: WorkQueue(name, urls[queue], urls[dead_letters])
            for name, (queue, dead_letters) in QUEUES.items()
            if queue in urls
        }

    def queue(self, name: str) -> WorkQueue:
        if name not in self.queues:
            known = ", ".join(self.queues)
            raise InputError(f"This stack has no queue {name}. Its queues are {known}.")
        return self.queues[name]

    @cached_property
    def data_stack(self) -> str:
        """The name of the stack that has the tables and the bucket."""
        described = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        parameters = {
            each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])
        }
        if "DataStack" not in parameters:
            raise InputError(
                f"{self.name} has no parameter DataStack, so it is no stack of template.yaml. Name "
                "the functions' stack, not the data's."
            )
        name: str = parameters["DataStack"]
        return name

    @cached_property
    def _resources(self) -> dict[str, tuple[str, str]]:
        return {**dict(self._listed(self.name, "")), **dict(self._listed(self.data_stack, "Data/"))}

    def _listed(self, stack: str, prefix: str) -> Iterator[tuple[str, tuple[str, str]]]:
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        for page in pages.paginate(StackName=stack):
            for each in page["StackResourceSummaries"]:
                path, physical = prefix + each["LogicalResourceId"], each["PhysicalResourceId"]
                yield path, (each["ResourceType"], physical)
                if each["ResourceType"] == "AWS::CloudFormation::Stack":
                    yield from self._listed(physical, f"{path}/")


@contextmanager
def deployed(stack: str | None) -> Iterator[Deployed]:
    """Open a stack on AWS, or the local one if none is named."""
    with ports_of(stack) as ports:
        yield Deployed(stack or STACK, ports)
