"""The local stack as a whole: bring it up, take it down, show its status."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from vtr_local.artifacts import Artifacts
from vtr_local.aws import LocalAws
from vtr_local.deploy import deploy
from vtr_local.emulator import DEFAULT_PORT, Emulator, answers
from vtr_local.errors import LocalStackError
from vtr_local.home import PROJECT, Home
from vtr_local.http_routes import create_routes
from vtr_local.record import StackRecord
from vtr_local.runtime_client import install_runtime_client

TEMPLATE = PROJECT / "template.yaml"
DATA_TEMPLATE = Path("infra") / "data.yaml"
"""The data's template, seen from the folder of the functions'."""
STACK = "vtr"
DATA_STACK = "vtr-data"
# Local tables may be deleted, and a scan counts within seconds.
LOCAL_DATA_PARAMETERS = {"Protect": "false"}
LOCAL_PARAMETERS = {"DataStack": DATA_STACK, "RecountSlotSeconds": "1"}
SOURCE_SECRET_OUTPUT = "StandardSourceSecretName"  # noqa: S105  the name of an output


@dataclass(frozen=True, slots=True)
class StackStatus:
    """The stack's status: its last record, and what runs and responds now."""

    record: StackRecord | None
    pid: int | None
    answering: bool


def up(
    home: Home,
    *,
    port: int | None = None,
    strict: bool = False,
    template: Path = TEMPLATE,
    parameters: Mapping[str, str] = LOCAL_PARAMETERS,
    say: Callable[[str], None] = lambda _: None,
) -> StackRecord:
    """Start the emulator unless it runs, and deploy onto it the data's template and *template*.

    Repeating it redeploys what changed and keeps the data. *say* is called at each step.
    """
    record = _started(home, port, say)
    client = None
    if strict:
        say("Preparing the functions' own environment")
        client = install_runtime_client(home.build)
    aws = LocalAws(record.endpoint)
    artifacts = Artifacts(aws, home.build, client)
    try:
        say("Deploying the data")
        data = deploy(
            template.parent / DATA_TEMPLATE,
            stack=DATA_STACK,
            artifacts=artifacts,
            parameters=LOCAL_DATA_PARAMETERS,
        )
        if data.created:
            # There is no data, so keys and secrets of an earlier stack are void.
            record = replace(record, keys={}, webhook_secret="")
        say("Deploying the functions")
        deployment = deploy(template, stack=STACK, artifacts=artifacts, parameters=parameters)
        api = create_routes(aws, STACK)
        secret = _source_secret(aws, record, deployment.outputs)
    except ClientError as error:
        raise LocalStackError(f"The deployment was refused. {error}") from error
    except BotoCoreError as error:
        raise LocalStackError(f"The emulator stopped answering. {error}") from error
    return replace(
        record,
        api_url=f"{record.endpoint}/_aws/execute-api/{api}/$default",
        strict=strict,
        outputs=deployment.outputs,
        webhook_secret=secret,
    ).save(home)


def down(home: Home, *, wipe: bool = False) -> bool:
    """Stop the emulator, and with *wipe* delete the data; return False if it did not run."""
    stopped = Emulator(home).stop()
    if wipe:
        home.wipe()
    return stopped


def status(home: Home) -> StackStatus:
    record = StackRecord.load(home)
    pid = Emulator(home).pid()
    return StackStatus(record, pid, bool(record and pid and answers(record.port)))


def _started(home: Home, port: int | None, say: Callable[[str], None]) -> StackRecord:
    emulator = Emulator(home)
    record = StackRecord.load(home)
    if record and port not in (None, record.port):
        raise LocalStackError(
            f"This stack lives on port {record.port}, which is part of its data. Leave out --port, "
            "or start anew with vtr down --wipe."
        )
    if record is None:
        record = StackRecord(port=port or DEFAULT_PORT)
    if emulator.pid() is None:
        say(f"Starting the emulator on port {record.port}")
        emulator.start(record.port)
        record.save(home)
    elif not answers(record.port):
        raise LocalStackError(
            f"The emulator runs but does not answer on port {record.port}. Look into {home.log}, "
            "or start it again with vtr down and vtr up."
        )
    return record


def _source_secret(aws: LocalAws, record: StackRecord, outputs: Mapping[str, str]) -> str:
    """Return the secret that signs scans; the first time, make and store it."""
    name = outputs.get(SOURCE_SECRET_OUTPUT)
    if name is None or record.webhook_secret:
        return record.webhook_secret
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    value = json.dumps({"secrets": [secret]})
    try:
        aws.secrets.put_secret_value(SecretId=name, SecretString=value)
    except aws.secrets.exceptions.ResourceNotFoundException:
        aws.secrets.create_secret(Name=name, SecretString=value)
    return secret
