import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo_server.door.steps import ROOT

TOOLS = (
    "sh",
    "dirname",
    "readlink",
    "mkdir",
    "cat",
    "grep",
    "sha256sum",
    "tr",
    "date",
    "sleep",
    "tail",
    "rm",
    "flock",
    "id",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that was never set up: the door and the locks alone."""
    for name in ("qyran", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A machine with the least a Unix has, and neither apt nor sudo, Chromium nor GDAL."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def door(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"PATH": os.environ["PATH"], "HOME": str(checkout)} | environment
    return subprocess.run(["/bin/sh", str(checkout / "qyran"), *words], env=settings, capture_output=True, text=True)


@pytest.mark.parametrize("words", [["--help"], ["up", "--help"], ["test", "-h"]])
def test_help_is_told_before_anything_is_installed(checkout: Path, words: list[str]) -> None:
    told = door(checkout, *words)
    assert told.returncode == 0
    assert "./qyran up" in told.stdout and "./qyran test" in told.stdout
    assert not (checkout / ".venv").exists() and not (checkout / "var").exists()


def test_a_machine_without_apt_is_told_which_packages_to_install(checkout: Path, tools: Path) -> None:
    told = door(checkout, "test", PATH=str(tools))
    assert told.returncode == 1
    assert "no apt-get" in told.stderr and "chromium" in told.stderr
    assert len(told.stderr.strip().splitlines()) <= 3


def test_packages_that_need_root_are_named_where_there_is_no_sudo(checkout: Path, tools: Path) -> None:
    for name, body in {"apt-get": "exit 0", "id": "echo 1000", "pg_config": "exit 1"}.items():
        (tools / name).unlink(missing_ok=True)
        (tools / name).write_text(f"#!/bin/sh\n{body}\n")
        (tools / name).chmod(0o755)
    told = door(checkout, "test", PATH=str(tools))
    assert told.returncode == 1
    assert "neither root nor is there sudo" in told.stderr
    assert "apt-get install" in told.stderr and "chromium" in told.stderr
    assert len(told.stderr.strip().splitlines()) <= 3


def test_a_home_that_cannot_be_written_is_said_in_one_sentence(checkout: Path) -> None:
    told = door(checkout, "doctor", "--home", "/proc/nowhere")
    assert told.returncode == 1
    assert "the folder /proc/nowhere cannot be written" in told.stderr


@pytest.mark.parametrize("words", [("--home", ""), ("--home=",)])
def test_an_empty_home_is_refused_before_anything_is_written(checkout: Path, words: tuple[str, ...]) -> None:
    told = door(checkout, "up", *words)
    assert told.returncode == 1 and "home is empty" in told.stderr and "Traceback" not in told.stderr


def test_the_command_line_speaks_of_every_command() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "geo_server", "--help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    names = ("up", "test", "doctor", "fetch", "migrate", "serve", "import", "accounts", "bench")
    assert [name for name in names if f" {name} " not in said] == []
