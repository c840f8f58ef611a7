"""The functions' zip: the same bytes for the same sources, made once, importable."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vtr_local.errors import LocalStackError
from vtr_local.packaging import package
from vtr_local.runtime_client import RuntimeClient


def sources(folder: Path) -> Path:
    source = folder / "functions"
    (source / "shop").mkdir(parents=True)
    (source / "shop" / "__init__.py").touch()
    (source / "shop" / "handler.py").write_text("ANSWER = 42\n", encoding="utf-8")
    (source / "shop" / "rules.toml").write_text("answer = 42\n", encoding="utf-8")
    return source


def test_the_same_sources_make_the_same_bytes_anywhere(tmp_path: Path) -> None:
    here, there = sources(tmp_path / "here"), sources(tmp_path / "there")
    cache = there / "shop" / "__pycache__"
    cache.mkdir()
    (cache / "handler.cpython-311.pyc").write_bytes(b"stale")
    first, second = package(here, tmp_path / "b1"), package(there, tmp_path / "b2")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_what_did_not_change_is_not_made_again(tmp_path: Path) -> None:
    source = sources(tmp_path)
    archive = package(source, tmp_path / "build")
    archive.write_bytes(b"left as it is")
    assert package(source, tmp_path / "build").read_bytes() == b"left as it is"


@pytest.mark.parametrize("changed", ["handler.py", "rules.toml"])
def test_any_change_makes_another_zip(tmp_path: Path, changed: str) -> None:
    source = sources(tmp_path)
    before = package(source, tmp_path / "build")
    file = source / "shop" / changed
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert package(source, tmp_path / "build") != before


def test_a_renamed_file_makes_another_zip(tmp_path: Path) -> None:
    source = sources(tmp_path)
    before = package(source, tmp_path / "build")
    (source / "shop" / "rules.toml").rename(source / "shop" / "policy.toml")
    assert package(source, tmp_path / "build") != before


def test_the_zip_runs_from_its_compiled_modules_and_holds_the_data_files(tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(package(sources(tmp_path), tmp_path / "build")) as bundle:
        bundle.extractall(unpacked)
    # Only the compiled module still has the answer.
    (unpacked / "shop" / "handler.py").write_text("ANSWER = 0\n", encoding="utf-8")
    program = "import shop.handler as h; print(h.ANSWER)"
    printed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], cwd=unpacked, capture_output=True, text=True, check=True
    )
    assert printed.stdout == "42\n"
    assert (unpacked / "shop" / "rules.toml").exists()


def test_in_strict_mode_the_zip_holds_a_program_that_runs_the_client(tmp_path: Path) -> None:
    client = RuntimeClient(Path("/some where/bin/python"))
    source = sources(tmp_path)
    archive = package(source, tmp_path / "build", client)
    assert archive != package(source, tmp_path / "build")
    with zipfile.ZipFile(archive) as bundle:
        entry = bundle.getinfo("bootstrap")
        text = bundle.read(entry).decode()
    assert entry.external_attr >> 16 & 0o111
    assert text.startswith("#!/bin/sh\n")
    assert "exec '/some where/bin/python' -m awslambdaric" in text


def test_a_module_that_is_no_python_is_a_sentence_that_names_it(tmp_path: Path) -> None:
    source = sources(tmp_path)
    (source / "shop" / "handler.py").write_text("def\n", encoding="utf-8")
    with pytest.raises(LocalStackError, match=r"handler\.py is no valid Python"):
        package(source, tmp_path / "build")
    assert not list((tmp_path / "build").iterdir())
