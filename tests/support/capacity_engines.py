"""Two implementations of DynamoDB that say what a call consumed, and were not written here.

The emulator runs in this process. dynalite is a package of npm; it is installed into ``build``
and runs in a process of its own, which asks it every question and prints the answers.
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

DYNALITE = "dynalite@4.0.0"
FOLDER = Path(__file__).parents[2] / "build" / "dynalite"

Answer = dict[str, Any]


class Call(NamedTuple):
    """An operation of DynamoDB, and its request."""

    operation: str
    request: dict[str, Any]


class EngineError(Exception):
    """An engine cannot be had or does not run; the message says why."""


def ask_emulator(calls: Sequence[Call]) -> list[Answer]:
    """Return ministack's responses, from a database that is empty before and after."""
    from ministack.services import dynamodb  # noqa: PLC0415 - reads the environment on import

    async def ask(call: Call) -> Answer:
        headers = {"x-amz-target": f"DynamoDB_20120810.{call.operation}"}
        body = json.dumps(call.request).encode()
        _, _, answer = await dynamodb.handle_request("POST", "/", headers, body, {})
        found: Answer = json.loads(answer)
        return found

    async def ask_all() -> list[Answer]:
        return [await ask(call) for call in calls]

    dynamodb.reset()
    try:
        return asyncio.run(ask_all())
    finally:
        dynamodb.reset()


_ASK = """
const http = require('http');
const server = require('dynalite')({ createTableMs: 0 });
const calls = JSON.parse(require('fs').readFileSync(0));
const headers = (operation) => ({
  'Content-Type': 'application/x-amz-json-1.0',
  'X-Amz-Target': 'DynamoDB_20120810.' + operation,
  'X-Amz-Date': '20260101T000000Z',
  'Authorization': 'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/dynamodb/aws4_request, '
    + 'SignedHeaders=host, Signature=s',
});
const ask = (port, [operation, request]) => new Promise((done, failed) => {
  const asked = http.request(
    { host: '127.0.0.1', port, method: 'POST', headers: headers(operation) },
    (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => done(JSON.parse(text)));
    });
  asked.on('error', failed);
  asked.end(JSON.stringify(request));
});
const active = async (TableName) => {
  const { Table } = await ask(server.address().port, ['DescribeTable', { TableName }]);
  if (Table.TableStatus !== 'ACTIVE') await active(TableName);
};
server.listen(0, '127.0.0.1', async () => {
  const answers = [];
  for (const call of calls) {
    answers.push(await ask(server.address().port, call));
    if (call[0] === 'CreateTable') await active(call[1].TableName);
  }
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
});
"""


def ask_dynalite(calls: Sequence[Call]) -> list[Answer]:
    """Return dynalite's responses; it is installed the first time."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        raise EngineError("node and npm are not installed")
    modules = FOLDER / "node_modules"
    if not (modules / "dynalite").exists():
        _run([npm, "install", "--silent", "--no-audit", "--prefix", str(FOLDER), DYNALITE])
    environment = {"NODE_PATH": str(modules)}
    answers: list[Answer] = json.loads(_run([node, "-e", _ASK], json.dumps(calls), environment))
    return answers


def _run(command: list[str], question: str = "", environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - commands of this file
        command,
        input=question,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise EngineError((done.stderr.strip().splitlines() or ["it failed without a word"])[-1])
    return done.stdout
