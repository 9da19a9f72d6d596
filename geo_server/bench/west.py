"""Benches of the west wing, told by `python -m ingest bench-…`, as the wings never call each other."""

import os
import subprocess
import sys
from collections.abc import Sequence

import orjson
from anyio import to_thread

from geo_server.bench import Figure, Ground


async def measured(command: str, ground: Ground) -> Sequence[Figure]:
    """Run one of ingest's own benches on this home and store; RuntimeError with its last words where it fails."""
    return [Figure(**orjson.loads(line)) for line in (await to_thread.run_sync(_run, command, ground)).splitlines()]


def _run(command: str, ground: Ground) -> str:
    asked = [sys.executable, "-m", "ingest", command, "--json", "--home", str(ground.home)]
    told = os.environ | {"QYRAN_DATABASE_URL": ground.database_url}
    done = subprocess.run(asked, env=told, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"{command} failed"])[-1])
    return done.stdout
