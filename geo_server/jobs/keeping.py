"""Has what waits in the store done by a process of its own, apart from the serving, begun where something waits."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.jobs import queries as jobs
from layers.areas.scope import visit_whole
from layers.database import Session

log = structlog.get_logger()

EVERY_S = 1.0
AGAIN_S = 30.0  # after a process that ended badly
Waits = Callable[[Session], Awaitable[bool]]


def job_waits(kind: str) -> Waits:
    """Return how to ask whether a job of a kind waits."""

    async def waits(session: Session) -> bool:
        return bool(await jobs.waiting(session, kind))

    return waits


@dataclass(slots=True, kw_only=True)
class JobKeeper:
    """One a server; of several servers one process works at a time, and a server that starts anew goes on.

    `command` is what Python is started with, `told` the environment that it gets besides the server's own.
    """

    engine: AsyncEngine
    beat: Beat
    waits: Waits
    command: Sequence[str]
    told: Mapping[str, str]
    again_s: float = AGAIN_S
    process: Process | None = field(default=None, init=False)
    _not_before: float = field(default=0.0, init=False)

    @classmethod
    def of(cls, name: str, engine: AsyncEngine, waits: Waits, *command: str, **told: str) -> Self:
        """Return one that beats by a name; `told` are variables of the environment."""
        return cls(engine=engine, beat=Beat(name, EVERY_S), waits=waits, command=command, told=told)

    async def run(self) -> None:
        """Look every second, until cancelled; the process ends with it."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self.beat.take(self.look)
        finally:
            if self.process is not None and self.process.returncode is None:
                self.process.terminate()

    async def look(self) -> None:
        """Begin where something waits; raises SQLAlchemyError or OSError where the store does not answer."""
        if self._is_busy() or time.monotonic() < self._not_before:
            return
        async with visit_whole(self.engine) as session:
            due = await self.waits(session)
        if due:
            quiet = asyncio.subprocess.DEVNULL
            command = (sys.executable, "-m", *self.command)
            self.process = await asyncio.create_subprocess_exec(*command, env=os.environ | self.told, stdout=quiet)

    def _is_busy(self) -> bool:
        """Say whether the process works; where it has ended badly, the next one waits a little."""
        if self.process is None or self.process.returncode is None:
            return self.process is not None
        if self.process.returncode:
            self._not_before = time.monotonic() + self.again_s
            log.warning("process_ended_badly", part=self.beat.name, exit_code=self.process.returncode)
        self.process = None
        return False
