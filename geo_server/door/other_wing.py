"""Commands of the west wing: run as a process of its own, for the wings never call each other."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


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
