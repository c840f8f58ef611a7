"""The artifact as Lambda gets it: built for real, its files looked at, and its modules imported."""

import json
import re
import shutil
import struct
import subprocess
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from support.aws import CREDENTIALS, PROJECT, Aws, functions, main_template
from vtr.adapters.aws_clients import SERVICES
from vtr_build.artifact import TASK_ROOT, Artifact, build_artifact
from vtr_build.errors import BuildError
from vtr_build.target import GLIBC, MACHINES, Target, find_python, target_of
from vtr_local.template import resources

pytestmark = pytest.mark.e2e

TARGET = target_of(main_template())
MOST_ZIPPED, MOST_UNPACKED = 14_000_000, 42_000_000
"""Bytes. Lambda's quota is 250 MB unpacked; every cold start pays for what is pulled."""

ELF_MACHINES = {"aarch64": 183, "x86_64": 62}
UNCHECKED = 0b01
"""Of a module's flags (PEP 552): its bytecode is used without a look at its source."""

IMPORT_ALL = """
import importlib, json, os, pkgutil, sys
sys.dont_write_bytecode = True
root = sys.argv[1]
sys.path.insert(0, root)
for package in ("vtr", *sys.argv[2:]):
    importlib.import_module(package)
    for found in pkgutil.walk_packages([os.path.join(root, package)], package + "."):
        importlib.import_module(found.name)
from vtr.adapters.aws_clients import SERVICES, Clients
made = [Clients()(service).meta.service_model.service_name for service in SERVICES]
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
DynamoDBPersistenceLayer("table", boto3_client=Clients()("dynamodb"))
print(json.dumps(made))
"""


@dataclass(frozen=True)
class Built:
    """An artifact, and a folder that it is unpacked into."""

    artifact: Artifact
    target: Target
    folder: Path

    @property
    def machine(self) -> str:
        return MACHINES[self.target.architecture]


@pytest.fixture(scope="module")
def python() -> Path:
    """An interpreter of the version that the functions run on."""
    try:
        return find_python(TARGET.python)
    except BuildError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=["arm64", "x86_64"])
def built(
    request: pytest.FixtureRequest, python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    target = replace(TARGET, architecture=request.param)
    folder = tmp_path_factory.mktemp(request.param)
    artifact = build_artifact(PROJECT, target, python, folder / "built")
    with zipfile.ZipFile(artifact.archive) as bundle:
        bundle.extractall(folder / "unpacked")
    return Built(artifact, target, folder / "unpacked")


def test_the_artifact_keeps_within_its_budget(built: Built) -> None:
    assert built.artifact.zipped == built.artifact.archive.stat().st_size <= MOST_ZIPPED
    files = [path.stat().st_size for path in built.folder.rglob("*") if path.is_file()]
    assert built.artifact.unpacked == sum(files) <= MOST_UNPACKED


def test_every_library_is_for_the_machine_that_it_runs_on(built: Built) -> None:
    libraries = [path for path in built.folder.rglob("*") if ".so" in path.suffixes]
    assert {path.name.partition(".")[0] for path in libraries} >= {"_core", "_rust"}
    for path in libraries:
        header = path.read_bytes()[:20]
        assert header[:4] == b"\x7fELF"
        assert struct.unpack_from("<H", header, 18) == (ELF_MACHINES[built.machine],), path.name


def test_every_wheel_is_for_the_target_or_for_any(built: Built) -> None:
    tags = re.findall(
        r"^Tag: (\S+)$",
        "\n".join(path.read_text("utf-8") for path in built.folder.glob("*.dist-info/WHEEL")),
        re.MULTILINE,
    )
    assert tags
    newest = tuple(map(int, GLIBC.split("_")))
    for tag in tags:
        python, _, platform = tag.split("-")
        if platform == "any":
            continue
        form = rf"manylinux(?:_(\d+)_(\d+)|2014)_{built.machine}"
        matched = re.fullmatch(form, platform)
        assert matched, tag
        assert tuple(map(int, matched.groups(default="0"))) <= newest, tag
        assert python == f"cp{TARGET.python.replace('.', '')}" or "-abi3-" in tag, tag


def test_every_module_is_compiled_for_the_place_it_runs_at(built: Built, python: Path) -> None:
    modules = [path for path in built.folder.rglob("*.py") if "-" not in path.parent.name]
    asked = (
        "import importlib.util as u, sys; print(u.MAGIC_NUMBER.hex(), sys.implementation.cache_tag)"
    )
    printed = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603
    magic, tag = printed.stdout.split()
    for path in modules:
        compiled = (path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc").read_bytes()
        assert compiled[:4].hex() == magic
        assert struct.unpack_from("<I", compiled, 4) == (UNCHECKED,)
        assert f"{TASK_ROOT}/{path.relative_to(built.folder)}".encode() in compiled


def test_only_the_services_that_are_used_are_described(built: Built) -> None:
    described = {path.name for path in (built.folder / "botocore" / "data").iterdir()}
    assert {name for name in described if "." not in name} == set(SERVICES)
    assert "endpoints.json" in described


def test_licences_stay_and_lists_of_files_that_are_gone_do_not(built: Built) -> None:
    for folder in built.folder.glob("*.dist-info"):
        names = {path.name for path in folder.rglob("*")}
        assert "METADATA" in names
        assert any(name.startswith(("LICENSE", "COPYING")) for name in names), folder.name
        assert not names & {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
    assert not (built.folder / "bin").exists()


def test_every_module_of_ours_is_imported_from_the_artifact_alone(
    built: Built, python: Path
) -> None:
    """Isolated, and without site-packages. For another processor its files are looked at, above."""
    asked = subprocess.run(  # noqa: S603
        [python, "-c", "import platform; print(platform.machine())"],
        capture_output=True,
        text=True,
        check=True,
    )
    if asked.stdout.strip() != built.machine:
        pytest.skip(f"this machine is {asked.stdout.strip()} and cannot run {built.machine}")
    queues = resources(main_template(), "AWS::SQS::Queue")
    aws = Aws({name: f"https://sqs.local/1/{name}" for name, _ in queues})
    done = subprocess.run(  # noqa: S603
        [python, "-I", "-S", "-c", IMPORT_ALL, str(built.folder), *functions()],
        capture_output=True,
        text=True,
        check=False,
        env={"AWS_LAMBDA_FUNCTION_NAME": "any", **CREDENTIALS, **aws.environment},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == SERVICES


@pytest.mark.parametrize("built", [TARGET.architecture], indirect=True)
def test_the_same_sources_make_the_same_bytes(built: Built, python: Path, tmp_path: Path) -> None:
    again = build_artifact(PROJECT, built.target, python, tmp_path)
    assert again.code_sha256 == built.artifact.code_sha256


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one function with one small dependency."""
    source = tmp_path / "project" / "functions"
    source.mkdir(parents=True)
    (source / "handler.py").write_text("import six\n", encoding="utf-8")
    lock = (PROJECT / "functions" / "requirements.txt").read_text("utf-8")
    found = re.search(r"^six==.*(?:\n    .*)*", lock, re.MULTILINE)
    assert found
    (source / "requirements.txt").write_text(found.group() + "\n", encoding="utf-8")
    return source.parent


def test_a_wheel_that_is_not_the_locked_one_is_refused(
    project: Path, python: Path, tmp_path: Path
) -> None:
    assert build_artifact(project, TARGET, python, tmp_path / "before").zipped > 0
    lock = project / "functions" / "requirements.txt"
    wrong = re.sub(r"sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, lock.read_text("utf-8"))
    lock.write_text(wrong, encoding="utf-8")
    with pytest.raises(BuildError, match=r"could not be installed .*(?s:.*)[Hh]ash"):
        build_artifact(project, TARGET, python, tmp_path / "after")
    assert not list((tmp_path / "after").iterdir())


def test_a_module_that_is_no_python_stops_the_build(
    project: Path, python: Path, tmp_path: Path
) -> None:
    (project / "functions" / "handler.py").write_text("def\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"no valid Python(?s:.*)handler\.py"):
        build_artifact(project, TARGET, python, tmp_path / "built")
    shutil.rmtree(project)
    assert not list((tmp_path / "built").iterdir())
