"""What recording costs: told by `python -m ingest bench-recording`, as the wings never call each other."""

import os
import subprocess
import sys
from collections.abc import Sequence

import orjson
from anyio import to_thread

from geo_server.bench import Figure, Ground


async def run(ground: Ground) -> Sequence[Figure]:
    """Run ingest's own bench; RuntimeError with its last words where it fails."""
    return [Figure(**orjson.loads(line)) for line in (await to_thread.run_sync(_measure, ground)).splitlines()]


def _measure(ground: Ground) -> str:
    command = [sys.executable, "-m", "ingest", "bench-recording", "--json", "--home", str(ground.home)]
    done = subprocess.run(command, env=os.environ.copy(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["bench-recording failed"])[-1])
    return done.stdout
