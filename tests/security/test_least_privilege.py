"""No function may do more than it does: every permission in the template is used by some flow.

The flows run in this process over moto, as `tests/integration` does, and each call to AWS is held
against the policies of the function that makes it, one action on one resource at a time. A call
that nothing allows is denied, as IAM would. A permission that no call needs fails the test of its
own: taken away, nothing would be missed.

The local stack enforces the same policies over HTTP (see `docs/local-stack.md`), but one
deployment for each permission would take hours.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache, wraps
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from integration.deployment import CONSUMERS, SECRET, Deployment
from integration.ended import count_on
from integration.requests import SHIPPED, TODAY, UPS, a_line, a_package, a_scan, an_order
from support.aws import BUCKET, STACK, aws_account, functions, imported, role_of, statements_of
from support.events import scans_body, sqs_event
from vtr.adapters.dynamodb.tables import OrderItem
from vtr.bootstrap import services
from vtr.domain.accounts import Scope
from vtr.domain.packages import ParcelKey
from vtr.domain.retention import months_after
from vtr.messages import RecountMessage, read_message, write_message

ORDER, PACKAGE = "/v1/orders/114-1", "/v1/orders/114-1/packages/1"
OPERATIONS = {
    ("sqs", "SendMessageBatch"): "sqs:SendMessage",
    ("sqs", "ChangeMessageVisibilityBatch"): "sqs:ChangeMessageVisibility",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "CreateMultipartUpload"): "s3:PutObject",
    ("s3", "UploadPart"): "s3:PutObject",
    ("s3", "CompleteMultipartUpload"): "s3:PutObject",
}
"""Operations that IAM knows by another one's name."""


class Call(NamedTuple):
    """Something that a function did: an action of IAM's on a resource, or on an item of one."""

    function: str
    action: str
    resource: str
    key: str = ""


class Grant(NamedTuple):
    """One action on one resource that a role allows, by the policy it stands in.

    ``keys`` is what the keys of items must look like; empty if any will do.
    """

    policy: str
    action: str
    resource: str
    keys: tuple[str, ...] = ()

    def allows(self, call: Call) -> bool:
        return (
            self.action == call.action
            and fnmatchcase(call.resource, self.resource)
            and (not self.keys or any(fnmatchcase(call.key, each) for each in self.keys))
        )


NOT_CALLED_BY_HANDLERS = ("logs:", "xray:", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:Get")
"""What Lambda itself does with a function's role: it writes a log, sends traces, polls a queue."""


@cache
def granted(function: str) -> set[Grant]:
    """All that the handler of a function may do."""
    found = set()
    for policy, statement in statements_of(role_of(function)):
        assert statement["Effect"] == "Allow"
        condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
        keys = tuple(condition.get("dynamodb:LeadingKeys", ()))
        for action in _listed(statement["Action"]):
            if not action.startswith(NOT_CALLED_BY_HANDLERS):
                found |= _grants(policy, action, _listed(statement["Resource"]), keys)
    return found


def _grants(policy: str, action: str, named: list[Any], keys: tuple[str, ...]) -> set[Grant]:
    """A grant for each kind of items, so that each is seen to be needed."""
    kinds: list[tuple[str, ...]] = [(key,) for key in keys] or [()]
    return {Grant(policy, action, _resource(each), kind) for each in named for kind in kinds}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resource(named: Any) -> str:
    """What a policy's resource is called here."""
    match named:
        case {"Fn::ImportValue": export}:
            held = imported(export)["Fn::GetAtt"][0]
            return BUCKET if held == "Bucket" else f"{STACK}-{held}"
        case {"Fn::Sub": [str(text), {"Bucket": _}]}:
            return text.replace("${Bucket}", BUCKET)
        case {"Ref": str(queue)}:
            return queue
        case {"Fn::Sub": str(text)}:
            return text.replace("${Stack}", STACK).rpartition(":")[2]
    raise ValueError(f"no test resolves {named!r} yet")


def _calls(service: str, asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a call is about: resources, and the keys of the items in them."""
    match service:
        case "dynamodb" if "RequestItems" in asked:
            for table, read in asked["RequestItems"].items():
                yield from ((table, key["pk"]["S"]) for key in read["Keys"])
        case "dynamodb":
            yield asked["TableName"], _key_of(asked)
        case "sqs":
            yield asked["QueueUrl"].rpartition("/")[2].removesuffix(".fifo"), ""
        case "s3" if "Key" not in asked:
            assert asked["Prefix"].startswith("ended/")  # the condition of the policy
            yield asked["Bucket"], ""
        case "s3":
            yield f"{asked['Bucket']}/{asked['Key']}", ""
        case "secretsmanager":
            yield asked["SecretId"], ""


def _key_of(asked: dict[str, Any]) -> str:
    """The partition key that a call on one table names; every one of ours has it first."""
    if "KeyConditionExpression" in asked:
        name = re.match(r"\(?#\d+ = (:\d+)", asked["KeyConditionExpression"])
        assert name, asked
        return str(asked["ExpressionAttributeValues"][name[1]]["S"])
    return str({**asked.get("Item", {}), **asked.get("Key", {})}["pk"]["S"])


@dataclass
class Guarded(Deployment):
    """A deployment whose functions are held to their policies; ``calls`` is what they did."""

    calls: set[Call] = field(default_factory=set)
    denied: list[Call] = field(default_factory=list)
    at_work: str = ""

    def invoke(self, function: str, event: Any, *, remaining_seconds: float = 900.0) -> Any:
        self.at_work = function
        try:
            return super().invoke(function, event, remaining_seconds=remaining_seconds)
        finally:
            self.at_work = ""

    def check(self, service: str, operation: str, asked: dict[str, Any]) -> None:
        """Deny what no policy of the function at work allows; whoever tests may do anything."""
        action = OPERATIONS.get((service, operation), f"{service}:{operation}")
        for resource, key in _calls(service, asked) if self.at_work else ():
            call = Call(self.at_work, action, resource, key)
            if not any(grant.allows(call) for grant in granted(self.at_work)):
                self.denied.append(call)
                told = f"{call} is not allowed"
                answer: Any = {"Code": "AccessDeniedException", "Message": told}
                raise ClientError({"Error": answer}, operation)
            self.calls.add(call)

    def recount(self, *, reconcile: bool = False) -> None:
        self.work_on(RecountMessage("acme", SHIPPED, 0, reconcile))

    def work_on(self, message: RecountMessage) -> None:
        self.invoke("recompute_rates", sqs_event(write_message(message), groups=["acme"]))


@pytest.fixture(scope="module")
def vtr() -> Iterator[Guarded]:
    """One deployment after every flow has run in it."""
    client_class: Any = BaseClient
    make_call: Callable[..., Any] = client_class._make_api_call  # noqa: SLF001  no other way
    with aws_account() as aws, pytest.MonkeyPatch.context() as environment:
        aws.set_secrets("standard", [SECRET])
        found = Guarded(aws, environment)

        @wraps(make_call)
        def guarded(client: Any, operation: str, asked: dict[str, Any]) -> Any:
            found.check(client.meta.service_model.service_name, operation, asked)
            return make_call(client, operation, asked)

        environment.setattr(client_class, "_make_api_call", guarded)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for flow in FLOWS:
                flow(found)
        yield found
        services.cache_clear()


def submit_and_read(vtr: Guarded) -> None:
    """A seller's day: orders, packages, a batch, a list; once more, and with a key for that."""
    assert vtr.call("PUT", ORDER, an_order()).status == 201
    for _ in range(2):
        assert vtr.call("PUT", PACKAGE, a_package()).status < 300
    assert vtr.call("POST", f"{ORDER}/cancellation", {}).status == 200
    for body, status in (({"packages": [a_line("114-2", UPS[1])]}, 200), ("{", 400)):
        headers = {"idempotency-key": f"batch-{status}", "content-type": "application/json"}
        for _ in range(2):
            assert vtr.call("POST", "/v1/packages/batch", body, headers=headers).status == status
    assert vtr.call("POST", "/v1/tracking-numbers/check", {"number": UPS[0]}).status == 200
    vtr.settle()
    assert vtr.call("GET", "/v1/carriers").status == 200
    assert vtr.call("GET", "/v1/health").status == 200
    for path in (ORDER, PACKAGE, "/v1/packages", "/v1/rates", "/v1/rates/history"):
        assert vtr.call("GET", path).status == 200


def take_scans_in(vtr: Guarded) -> None:
    """Webhooks: split, large, of an unknown carrier, without a sense, and one delivered twice."""
    many = [a_scan(f"1Z999AA1{n:010}") for n in range(150)]
    for body in (
        scans_body(a_scan()),
        scans_body(*many),
        scans_body(a_scan(place="x" * 200_000)),
        scans_body(a_scan("QX7K2M9V4W1Z", carrier="Pigeon Post")),
        b"{",
    ):
        assert vtr.deliver(body).status == 200
    vtr.settle()
    vtr.deliver(scans_body(a_scan()))
    (message,) = vtr.aws.take("ScansQueue")
    vtr.invoke("record_scans", sqs_event(message["Body"], receive_count=2))


def watch_over_carriers(vtr: Guarded) -> None:
    assert vtr.invoke("watch_silence", {}) == {"ups": 2}


def report(vtr: Guarded) -> None:
    """A report, asked for with a key; the browser that downloads it has the function's rights."""
    headers = {"idempotency-key": "report", "content-type": "application/json"}
    where = vtr.call("POST", "/v1/reports", {}, headers=headers).headers["location"]
    other = {**headers, "idempotency-key": "another"}
    assert vtr.call("POST", "/v1/reports", "{", headers=other).status == 400
    vtr.settle()
    assert vtr.call("GET", where).json["status"] == "done"
    url = vtr.call("GET", f"{where}/document").headers["location"]
    key = urlsplit(url).path.lstrip("/").removeprefix(f"{BUCKET}/")
    vtr.at_work = "export_report"
    vtr.check("s3", "GetObject", {"Bucket": BUCKET, "Key": key})
    vtr.at_work = ""


def report_in_two_runs(vtr: Guarded) -> None:
    """One that is out of time behind its first part, and is then given up."""
    where = vtr.call("POST", "/v1/reports", {}).headers["location"]
    (message,) = vtr.aws.take("ReportsQueue")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vtr.use_cases.write_document.PART_BYTES", 1)
        vtr.invoke("write_report", sqs_event(message["Body"]), remaining_seconds=30)
    assert vtr.call("GET", where).json["status"] == "running"
    assert len(vtr.aws.take("ReportsQueue")) == 1
    vtr.invoke("write_report", sqs_event(message["Body"], receive_count=10))
    assert vtr.call("GET", where).json["status"] == "failed"


def turn_the_day(vtr: Guarded) -> None:
    vtr.invoke("schedule_recompute", {"every_account": True})
    vtr.settle()


def reconcile(vtr: Guarded) -> None:
    """Every kind of drift: a lost claim, a lost order, a package that its order has moved."""
    ports = vtr.aws.ports()
    package = a_package(UPS[2], order=an_order())
    assert vtr.call("PUT", "/v1/orders/114-3/packages/1", package).status == 201
    claimed = ports.parcels.get(ParcelKey(UPS[2]), consistent=True)
    ports.parcels.save(replace(claimed, claims={}))
    vtr.recount(reconcile=True)
    assert ports.parcels.get(ParcelKey(UPS[2]), consistent=True).claims
    moved = ports.orders.get("acme", "114-3", consistent=True)
    assert moved is not None
    sent = moved.package("1")
    later = replace(sent.current, ship_date=TODAY, confirmed_at=datetime.now(UTC))
    ports.orders.save(moved.with_package(sent.stating(later).counted_on(TODAY)))
    vtr.aws.take("RecountsQueue")
    vtr.recount(reconcile=True)
    asked = [read_message(each["Body"], RecountMessage) for each in vtr.aws.take("RecountsQueue")]
    assert sorted(each.day for each in asked) == [SHIPPED, TODAY]
    OrderItem.get("acme#114-2").delete()
    vtr.recount(reconcile=True)


def grow(vtr: Guarded) -> None:
    """A day with more packages than the account's shards are for."""
    for number in (4, 5):
        vtr.call("PUT", f"/v1/orders/114-{number}/packages/1", a_package(UPS[3]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vtr.domain.partitioning.ROWS_A_SHARD", 1)
        vtr.recount(reconcile=True)
    account = vtr.aws.ports().accounts.get("acme")
    assert account is not None
    assert account.shards > 1


def fail(vtr: Guarded) -> None:
    """A message of each queue that cannot be read, and is hidden for a while."""
    for queue in CONSUMERS:
        fifo: Any = {"MessageGroupId": "g", "MessageDeduplicationId": "d"}
        more = fifo if queue == "RecountsQueue" else {}
        vtr.aws.sqs.send_message(QueueUrl=vtr.aws.queues[queue], MessageBody="{", **more)
        assert len(vtr.hand_out(queue)["batchItemFailures"]) == 1


def use_up_the_first_allotment(vtr: Guarded) -> None:
    """Callers of every function, when there is none for free: each asks the common counter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vtr.adapters.dynamodb.allowances.allotment_of", lambda _: 0)
        for method, path, body in (
            ("PUT", ORDER, an_order()),
            ("POST", "/v1/tracking-numbers/check", {"number": UPS[0]}),
            ("GET", "/v1/rates", None),
            ("POST", "/v1/reports", {}),
        ):
            vtr.running = ""
            assert vtr.call(method, path, body).status < 300


def first_use_of_a_key(vtr: Guarded) -> None:
    """A key is noted as used by whichever function it is first used with."""
    for scope, (method, path, body) in (
        (Scope.SUBMIT, ("PUT", ORDER, an_order())),
        (Scope.SUBMIT, ("POST", "/v1/tracking-numbers/check", {"number": UPS[0]})),
        (Scope.READ, ("GET", "/v1/rates", None)),
        (Scope.REPORT, ("POST", "/v1/reports", {})),
    ):
        vtr.keys.clear()
        assert vtr.call(method, path, body, key=vtr.key(scope)).status < 300


def end_a_day(vtr: Guarded) -> None:
    """A day that ended last night is archived, and reported from its archive."""
    ended = months_after(TODAY, -13) - timedelta(days=1)
    count_on(vtr, ended)
    vtr.work_on(RecountMessage("acme", ended, 0, archive=True))
    where = vtr.call("POST", "/v1/reports", {"from": str(ended), "to": str(ended)})
    vtr.settle()
    assert vtr.call("GET", where.headers["location"]).json["rows"] > 0


FLOWS = [
    submit_and_read,
    watch_over_carriers,
    take_scans_in,
    report,
    report_in_two_runs,
    turn_the_day,
    end_a_day,
    reconcile,
    grow,
    fail,
    use_up_the_first_allotment,
    first_use_of_a_key,
]


def test_no_function_is_denied_what_it_does(vtr: Guarded) -> None:
    assert vtr.denied == []
    assert {call.function for call in vtr.calls} == functions().keys() - {"describe_api"}


GRANTS = sorted((module, grant) for module in functions() for grant in granted(module))


@pytest.mark.parametrize(
    ("module", "grant"),
    GRANTS,
    ids=["-".join((module, *grant[1:3], *grant.keys)) for module, grant in GRANTS],
)
def test_without_any_one_permission_some_flow_fails(
    vtr: Guarded, module: str, grant: Grant
) -> None:
    """Some call of the function has no other permission to be made by."""
    needing = [
        call
        for call in vtr.calls
        if call.function == module
        and {each for each in granted(module) if each.allows(call)} == {grant}
    ]
    assert needing


def test_a_call_that_nothing_allows_is_denied(vtr: Guarded) -> None:
    """The guard itself: it is no witness if it lets everything pass."""
    vtr.at_work = "check_numbers"
    of_an_order = {"TableName": f"{STACK}-OrdersTable", "Key": {"pk": {"S": "acme#114-1"}}}
    of_a_response = {"TableName": f"{STACK}-TransientTable", "Key": {"pk": {"S": "IDEMPOTENCY#1"}}}
    try:
        with pytest.raises(ClientError):
            vtr.check("dynamodb", "GetItem", of_an_order)
        with pytest.raises(ClientError):
            vtr.check("dynamodb", "GetItem", of_a_response)
    finally:
        vtr.at_work = ""
        vtr.denied.clear()
