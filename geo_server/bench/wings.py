"""The wings as a bench runs them: processes of their own on free ports, under their own roles, as in the product."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from geo_server.bench import Ground
from layers.database import INGEST, SERVER, StoreRole, as_role

ROLES: dict[str, StoreRole] = {"geo_server": SERVER, "ingest": INGEST, "footage": INGEST}
COMMANDS = {
    "geo_server": ("geo_server", "serve"),
    "ingest": ("ingest", "serve", "--no-cameras"),
    "footage": ("ingest", "footage"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process that answers."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """Return how many seconds of a core it has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ingest(ground: Ground, words: Sequence[str]) -> None:
    """Let the other wing fill the ground: the wings never call each other but as processes. Raises RuntimeError."""
    command = [sys.executable, "-m", "ingest", *words]
    told = os.environ | {"QYRAN_DATABASE_URL": ground.database_url, "QYRAN_HOME": str(ground.home)}
    done = subprocess.run(command, env=told, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"ingest {' '.join(words)} failed"])[-1])


@asynccontextmanager
async def wing(
    ground: Ground, name: str, *, port: int | None = None, told: Mapping[str, str] | None = None
) -> AsyncIterator[Process]:
    """Run a wing while the block runs, on a free port where none is given; the west one without its cameras."""
    port = port or free_port()
    own = {"QYRAN_DATABASE_URL": as_role(ground.database_url, ROLES[name]), "QYRAN_HOME": str(ground.home)}
    own |= {"QYRAN_DEMO": "0", "QYRAN_PORT": str(port), "QYRAN_INGEST_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *COMMANDS[name],
        env={**os.environ, **own, **(told or {})},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _until_up(process, port)
        yield Process(port=port, pid=process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_up(process: asyncio.subprocess.Process, port: int) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            if process.returncode is not None:
                raise RuntimeError("a process ended as it began")
            with contextlib.suppress(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{port}/metrics")
                return
            await asyncio.sleep(0.1)
    raise TimeoutError("a process did not come up in 20 s")
