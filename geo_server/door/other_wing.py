"""Commands of the west wing: run as a process of its own, for the wings never call each other."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from geo_server.door.trouble import Trouble
from layers.database import INGEST


def west(home: Path, words: Sequence[str]) -> int:
    """Run `python -m ingest WORDS` on a store that answers, and return its exit status."""
    from geo_server.door.cluster import store_of
    from geo_server.door.up import standing

    command = [sys.executable, "-m", "ingest", *words]
    if {"--help", "-h"} & set(words):  # needs no store
        return subprocess.run(command).returncode
    with standing(store_of(home)) as store:
        told = {"QYRAN_HOME": str(home), "QYRAN_DATABASE_URL": store.url()}
        return subprocess.run(command, env=os.environ | told).returncode


def join(home: Path, words: Sequence[str]) -> int:
    """Run `python -m ingest join WORDS` as the west wing's own role, until stopped, and return its exit status.

    Raises Trouble where this machine would join with a store of its own, or without what cameras are analysed with.
    """
    from geo_server.door.cluster import store_of
    from geo_server.door.processes import asked_to_stop
    from geo_server.door.up import standing

    if {"--help", "-h"} & set(words):
        return west(home, ["join", *words])
    if "QYRAN_DATABASE_URL" not in os.environ and not {"head", "--cluster=head"} & set(words):
        raise Trouble(
            "Machines share cameras through one store, and this machine was told none.",
            mend="Set QYRAN_DATABASE_URL to the store of the head: postgresql://user@host:5432/name.",
        )
    _see_to_detector(home)
    with standing(store_of(home)) as store:
        told = {"QYRAN_HOME": str(home), "QYRAN_DATABASE_URL": store.url_as(INGEST)}
        with asked_to_stop():
            return _until_stopped([sys.executable, "-m", "ingest", "join", *words], os.environ | told)


def _see_to_detector(home: Path) -> None:
    """A machine without it would find motion alone, and nobody would know why."""
    from geo_server.door.steps import python, run
    from geo_server.door.up import fetch_files

    if not (home / "models" / "nanodet.card.json").exists():
        fetch_files(home, "up")
        convert = python("ingest.models.cli", "convert", "--home", str(home))
        run("Converting the detector", convert, home / "logs" / "setup.log")


def _until_stopped(command: Sequence[str], environment: Mapping[str, str]) -> int:
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    finally:  # one that was told to end takes its node along
        process.terminate()
        process.wait()
