"""The commands for operators on the real stack, run by someone who has assumed its OperatorRole."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from support.aws import statements_of
from support.command_line import CommandLine, Ran
from support.events import scans_body, signed
from support.stack import LocalStack, eventually
from vtr.domain.deliveries import AcceptedDelivery
from vtr.messages import DeliveryMessage, RecountMessage, write_message
from vtr_cli.deployed import Deployed
from vtr_local.aws import OWNER, REGION
from vtr_local.ports import local_ports
from vtr_local.stack import STACK

pytestmark = pytest.mark.e2e

ACTIONS = {
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "ListObjectVersions"): "s3:ListBucketVersions",
    ("s3", "DeleteObject"): "s3:DeleteObjectVersion",  # no command deletes without a version
    ("s3", "GetBucketLifecycleConfiguration"): "s3:GetLifecycleConfiguration",
    ("sqs", "SendMessageBatch"): "sqs:SendMessage",
    ("sqs", "DeleteMessageBatch"): "sqs:DeleteMessage",
}
"""Operations that IAM knows by another one's name."""

WITHOUT_PERMISSION = {"sts:GetCallerIdentity"}
NOW = datetime.now(UTC)
DAY = f"{NOW:%Y-%m-%d}"


def environment_of_operator(stack: LocalStack) -> dict[str, str]:
    """The environment of a shell in which the role was assumed."""
    sts = boto3.client(
        "sts",
        endpoint_url=stack.endpoint,
        region_name=REGION,
        aws_access_key_id=OWNER,
        aws_secret_access_key=OWNER,
    )
    role = stack.record.outputs["OperatorRole"]
    given = sts.assume_role(RoleArn=role, RoleSessionName="ada")["Credentials"]
    return {
        "AWS_ENDPOINT_URL": stack.endpoint,
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }


TWO_SCANS = str(Path(__file__).parents[1] / "fixtures" / "sources" / "standard" / "two_scans.json")

COMMANDS = {
    "key": ("keys", "create", "ada"),
    "keys": ("keys", "list", "ada"),
    "changes": ("keys", "changes", "ada"),
    "limits": ("limits", "ada", "--requests", "100"),
    "waive": ("waivers", "add", "storm", "--from", "2026-10-01", "--to", "2026-10-02"),
    "waivers": ("waivers", "list"),
    "take back": ("waivers", "remove", "storm"),
    "hold": ("hold", "add", "ada", "114-1", "--until", f"{NOW + timedelta(days=9):%Y-%m-%d}"),
    "holds": ("hold", "list", "ada"),
    "let go": ("hold", "remove", "ada", "114-1"),
    "logs": ("logs",),
    "add": ("sources", "add", "dhl", "--account", "ada"),
    "try": ("sources", "test", "standard", TWO_SCANS),
    "rotate": ("sources", "rotate", "dhl", "--account", "ada"),
    "sources": ("sources", "list"),
    "remove": ("sources", "remove", "dhl", "--account", "ada"),
    "show": ("redrive", "recounts", "--dry-run"),
    "redrive": ("redrive", "recounts"),
    "redrive scans": ("redrive", "scans"),
    "preview": ("scans", "replay", "--from", DAY, "--to", DAY, "--dry-run"),
    "replay": ("scans", "replay", "--from", DAY, "--to", DAY),
    "quarantine": ("scans", "quarantine", "list"),
    "show body": ("scans", "quarantine", "show", "7b"),
    "send back": ("scans", "quarantine", "send-back"),
    "doctor": ("doctor", "--json"),
}
"""What an operator does, after the smoke test."""

MESSAGES = {
    "recounts": RecountMessage("ada", NOW.date(), 0),
    "scans": DeliveryMessage("standard", "e3b0", NOW, object_key="deliveries/gone"),
}


@contextmanager
def listening() -> Iterator[set[str]]:
    """Yield what is asked of AWS by others than the stack's owner, as IAM names it."""
    found: set[str] = set()
    client_class: Any = BaseClient
    make_call: Callable[..., Any] = client_class._make_api_call  # noqa: SLF001  no other way

    @wraps(make_call)
    def noted(client: Any, operation: str, asked: dict[str, Any]) -> Any:
        if client._request_signer._credentials.access_key != OWNER:  # noqa: SLF001
            service = client.meta.service_model.service_name
            found.add(ACTIONS.get((service, operation), f"{service}:{operation}"))
        return make_call(client, operation, asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client_class, "_make_api_call", noted)
        yield found


@dataclass(frozen=True)
class Shift:
    """How every command ended, by its name in ``COMMANDS``, and what they asked of AWS."""

    ran: dict[str, Ran]
    called: set[str]


@pytest.fixture(scope="module")
def shift(real_stack: LocalStack) -> Shift:
    vtr = CommandLine(real_stack.home.root / "nobody", environment_of_operator(real_stack))
    with listening() as called:
        ran = {"smoke": vtr("smoke", "--url", real_stack.url, "--json", "--stack", STACK)}
        ran["rollback at first"] = vtr("rollback", "--stack", STACK)
        moment = f"{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
        publish_another_version(real_stack, after=moment)
        back = ("rollback", "--before", moment, "--stack", STACK)
        ran["rollback preview"], ran["rollback"] = vtr(*back, "--dry-run"), vtr(*back)
        ran["rollback again"] = vtr(*back)
        put_among_the_dead(real_stack)
        post_a_large_body(real_stack)
        confirm_a_package(real_stack)
        quarantine_a_body(real_stack)
        for name, command in COMMANDS.items():
            ran[name] = vtr(*command, "--stack", STACK)
    return Shift(ran, called)


def publish_another_version(stack: LocalStack, *, after: str) -> None:
    """Do to one function what a deployment does, later than a moment."""
    while f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}" <= after:
        time.sleep(0.1)
    with local_ports(stack.record) as ports:
        found = Deployed(STACK, ports)
        functions = found.client("lambda")
        name = found.of_kind("AWS::Lambda::Function")["DescribeApiFunction"]
        functions.update_function_configuration(FunctionName=name, Description="another")
        published = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=published)


def put_among_the_dead(stack: LocalStack) -> None:
    with local_ports(stack.record) as ports:
        found = Deployed(STACK, ports)
        for name, message in MESSAGES.items():
            fifo = {"MessageGroupId": "ada", "MessageDeduplicationId": name}
            found.client("sqs").send_message(
                QueueUrl=found.queues[name].dead_letters,
                MessageBody=write_message(message),
                **(fifo if name == "recounts" else {}),
            )


def post_a_large_body(stack: LocalStack) -> None:
    """One that does not fit into a message, and wait until the archive has it."""
    body = scans_body({"carrier": "ups", "tracking_number": "1Z", "place": "x" * 200_000})
    headers = signed(stack.record.webhook_secret, body, datetime.now(UTC))
    with stack.http() as http:
        assert http.post("/v1/webhooks/standard", content=body, headers=headers).is_success
    with local_ports(stack.record) as ports:
        assert eventually(lambda: len(list(ports.archive.read(NOW.date()))) > 1)


def quarantine_a_body(stack: LocalStack) -> None:
    """One that this version can read, as after a decoder was corrected."""
    body = scans_body({"carrier": "ups", "tracking_number": "1Z"})
    delivery = AcceptedDelivery(
        source="standard", body=body, delivery_id="7b3c", received_at=NOW - timedelta(days=2)
    )
    with local_ports(stack.record) as ports:
        ports.archive.quarantine(delivery)


def confirm_a_package(stack: LocalStack) -> None:
    package = {
        "carrier": "UPS",
        "tracking_number": "1Z999AA10123456784",
        "ship_date": DAY,
        "order": {"placed_at": NOW.isoformat(), "category": "books"},
    }
    with stack.http(stack.create_key(account="ada")) as http:
        assert http.put("/v1/orders/114-1/packages/1", json=package).is_success


def test_a_stack_that_works_passes_the_smoke_test(shift: Shift) -> None:
    ran = shift.ran["smoke"]
    told = json.loads(ran.out)
    assert (ran.exit_code, told["passed"]) == (0, True), ran.out
    assert {step["outcome"] for step in told["steps"]} == {"ok"}


def test_an_operator_may_do_what_every_command_does(shift: Shift) -> None:
    may_fail = {"doctor", "rollback at first"}
    failed = {
        name: ran for name, ran in shift.ran.items() if ran.exit_code and name not in may_fail
    }
    assert failed == {}
    sent = re.fullmatch(r"(\d+) bodies are on their way\.\n", shift.ran["replay"].err)
    assert sent
    assert int(sent[1]) >= 2  # the smoke test's scan and the large body; others use the stack too
    assert shift.ran["send back"].err == "1 body sent back. 0 left.\n"


def test_functions_go_back_to_what_they_ran_before_once(shift: Shift) -> None:
    preview, back, again = (shift.ran[f"rollback{each}"] for each in (" preview", "", " again"))
    assert preview.err == "1 would go back; nothing was changed.\n"
    assert back.err == "1 of 11 functions went back.\n"
    assert ["DescribeApiFunction", "2", "1"] in [line.split() for line in back.out.splitlines()]
    assert again.err == "0 of 11 functions went back.\n"


def test_where_there_is_nothing_to_go_back_to_nothing_is_changed(shift: Shift) -> None:
    ran = shift.ran["rollback at first"]
    assert ran.exit_code == 1
    assert "has no version from before" in ran.err


def test_the_doctor_may_look_at_everything(shift: Shift) -> None:
    findings = json.loads(shift.ran["doctor"].out)["findings"]
    assert [each for each in findings if "cannot be looked at" in each["found"]] == []


def test_an_operator_writes_nothing_that_no_command_needs(real_stack: LocalStack) -> None:
    """The guard itself: the emulator enforces the role, so that the tests above mean something."""
    given = environment_of_operator(real_stack)
    tables = boto3.client(
        "dynamodb",
        endpoint_url=real_stack.endpoint,
        region_name=REGION,
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=given["AWS_SESSION_TOKEN"],
    )
    with local_ports(real_stack.record) as ports:
        rates = ports.settings.rates_table
    with pytest.raises(ClientError, match="not authorized"):
        tables.put_item(TableName=rates, Item={"pk": {"S": "ada"}, "sk": {"S": "RATE#current"}})


def test_every_action_of_the_role_is_one_that_some_command_needs(shift: Shift) -> None:
    allowed = {
        action
        for _, statement in statements_of("OperatorRole")
        for action in _listed(statement["Action"])
    }
    assert allowed - shift.called == set()
    assert shift.called - allowed == WITHOUT_PERMISSION


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
