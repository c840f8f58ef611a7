"""The local stack as a whole: bring it up, take it down, show its status."""

import base64
import fcntl
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from vtr_local.artifacts import Artifacts
from vtr_local.aws import LocalAws
from vtr_local.deploy import deploy
from vtr_local.emulator import Emulator, answers, free_port, is_free, require_free
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
    with _alone(home):
        record = _started(home, port, say)
        return _deployed(
            home, record, strict=strict, template=template, parameters=parameters, say=say
        )


def _deployed(
    home: Home,
    record: StackRecord,
    *,
    strict: bool,
    template: Path,
    parameters: Mapping[str, str],
    say: Callable[[str], None],
) -> StackRecord:
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


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Refuse to bring a stack up while another process does."""
    home.root.mkdir(parents=True, exist_ok=True)
    with home.up_lock.open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalStackError(
                "Another vtr up is at work on this stack. Wait until it has ended; then vtr status "
                "says how it stands."
            ) from None
        yield


def _started(home: Home, port: int | None, say: Callable[[str], None]) -> StackRecord:
    emulator = Emulator(home)
    record = StackRecord.load(home)
    if record and port not in (None, record.port):
        raise LocalStackError(
            f"This stack lives on port {record.port}, which is part of its data. Leave out --port, "
            f"or bring another stack up on {port}, with VTR_HOME naming a folder for it."
        )
    if emulator.pid() is None:
        record = _start(emulator, record, port, say)
    elif record is None or not answers(record.port):
        raise LocalStackError(
            f"The emulator runs but does not answer. Look into {home.log}, or start it again with "
            "vtr down and vtr up."
        )
    return record


def _start(
    emulator: Emulator, known: StackRecord | None, port: int | None, say: Callable[[str], None]
) -> StackRecord:
    """Start the emulator on the port of the *known* record, else on *port* or a free one."""
    record = known or StackRecord(port=port or free_port())
    if known and not is_free(known.port):
        raise LocalStackError(
            f"Port {known.port} is taken by another program, and this stack's data is bound to it. "
            "End that program; or leave it, and bring another stack up with VTR_HOME naming a "
            "folder for it."
        )
    require_free(record.port)
    say(f"Starting the emulator on port {record.port}")
    # Before it starts: whoever is interrupted finds it again.
    record.save(emulator.home)
    try:
        emulator.start(record.port)
    except LocalStackError:
        if known is None:
            emulator.home.record.unlink()
        raise
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
