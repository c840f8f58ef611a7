"""Cold starts: each function under AWS's runtime client, from the zip that is deployed.

What is compared takes turns, and the least of each counts. CPU time, from the start of the process
to the answer of its first event: neighbours cannot make a function look slow.
"""

import re
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from benchmarks.deployment import Deployed
from benchmarks.figures import Budget, Figure
from benchmarks.runtime_api import ColdStart, Function, Server
from vtr_local.packaging import package

PROJECT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
BUILD = PROJECT / "build" / "cold-start"
ROUNDS = 8

FLOOR = "boto3 and one client"
BUDGETS = {"ingest_scans": Budget(at_most=1.15), "submit_tracking": Budget(at_most=1.6)}


def figures() -> Iterator[Figure]:
    if not sys.platform.startswith("linux"):
        print("left out: cold starts, which are read from Linux's /proc", file=sys.stderr)  # noqa: T201
        return
    yield Figure(name="artefact: our part of the zip", value=_zip().stat().st_size / 1e6, unit="MB")
    yield Figure(
        name="artefact: the libraries, unpacked",
        value=_libraries_megabytes(),
        unit="MB",
        beside="what Lambda unpacks at most",
        reference=250,
        budget=Budget(at_most=1),
        of_ratio=True,
    )
    starts = _starts()
    floor = starts.pop(FLOOR)
    for name, start in {FLOOR: floor, **starts}.items():
        yield Figure(
            name=f"cold start: {name}, until its first answer",
            value=start.total * 1e3,
            unit="ms CPU",
            beside=FLOOR,
            reference=floor.total * 1e3,
            budget=BUDGETS.get(name),
            of_ratio=True,
        )
        yield Figure(
            name=f"cold start: {name}, its first call alone",
            value=start.first_call * 1e3,
            unit="ms CPU",
            beside=FLOOR,
            reference=floor.first_call * 1e3,
        )
        yield Figure(
            name=f"cold start: {name}, memory",
            value=start.memory,
            unit="MB",
            beside=FLOOR,
            reference=floor.memory,
        )


def _starts() -> dict[str, ColdStart]:
    """The least start of each, round by round, after one that fills the disk's cache."""
    deployed = Deployed()
    functions = _functions(deployed)
    server = Server(deployed.cloud)
    try:
        rounds = [
            {name: function.start(server) for name, function in functions.items()}
            for _ in range(ROUNDS + 1)
        ][1:]
    finally:
        server.shutdown()
    return {
        name: min((each[name] for each in rounds), key=lambda start: start.total)
        for name in functions
    }


def _functions(deployed: Deployed) -> dict[str, Function]:
    root = _unpacked()
    everything = deployed.aws.environment
    peers = {
        name: Function(f"{module}.lambda_handler", PEERS, {**everything, "PYTHONPATH": path}, {})
        for name, module, path in (
            (FLOOR, "one_client", str(PEERS)),
            ("nothing at all", "bare", str(PEERS)),
            ("everything of every function", "everything", f"{PEERS}:{root}"),
        )
    }
    ours = {
        module: Function(
            f"{module}.handler.lambda_handler", root, deployed.aws.environment_of(module), event
        )
        for module, event in deployed.events().items()
    }
    return {**peers, **ours}


def _libraries_megabytes() -> float:
    """What is installed here of those that are locked for the functions, without bytecode."""
    locked = (PROJECT / "functions" / "requirements.txt").read_text()
    names = re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)
    found = (one for name in names for one in distribution(name).files or ())
    return sum(one.size or 0 for one in found if one.suffix != ".pyc") / 1e6


def _zip() -> Path:
    return package(PROJECT / "functions", BUILD)


def _unpacked() -> Path:
    """The functions as they are deployed, compiled modules and all."""
    archive = _zip()
    root = archive.with_suffix("")
    if not root.exists():
        with zipfile.ZipFile(archive) as bundle:
            bundle.extractall(root)
    return root
