"""Keeps the shards: as many processes as there are cores, each with its cameras; one that dies or hangs begins anew."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import structlog

from ingest.shards.counts import Counts
from ingest.shards.planning import SOON_S, Apart, after_death, shared_out
from ingest.shards.wire import SILENT_S, Assignment, Beat

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parents[2]
GRACE_S = 5.0
LINE_BYTES = 2**24  # that a shard says at once
LAST_WORDS_S = 1.0  # of a process that has ended
LOOK_S = 1.0
HeldBack = Callable[[frozenset[int]], Awaitable[bool]]  # told of cameras that wait to be tried again; False: not noted


@dataclass(slots=True, eq=False)
class Shard:
    """A process with its cameras; when it was last heard and when it last died, in monotonic seconds.

    `stuck` are those of whose frames it said that it ends of them.
    """

    name: str
    counts: Counts = field(default_factory=Counts)
    cameras: frozenset[int] = frozenset()
    told: Assignment | None = None
    process: asyncio.subprocess.Process | None = None
    heard_s: float = 0.0
    died_s: float = field(default=-SOON_S)
    stuck: frozenset[int] = frozenset()
    _listening: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Return the number of its process, None while there is none."""
        return self.process.pid if self.process and self.process.returncode is None else None

    @property
    def suspects(self) -> frozenset[int]:
        """Return which of its cameras may have ended it: those it named, or else all."""
        return self.stuck & self.cameras or self.cameras

    @property
    def ended(self) -> bool:
        """Say whether its process has ended, or hangs."""
        if self.process is None:
            return False
        return self.process.returncode is not None or time.monotonic() - self.heard_s > SILENT_S

    async def start(self, command: Sequence[str]) -> None:
        """Start the process."""
        pipes: dict[str, Any] = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        self.process = await asyncio.create_subprocess_exec(*command, self.name, cwd=ROOT, limit=LINE_BYTES, **pipes)
        self.heard_s, self.told, self.stuck = time.monotonic(), None, frozenset()
        self._listening = asyncio.create_task(self._listen(self.process))

    async def tell(self, epochs: Mapping[int, int] | None) -> None:
        """Tell the process which cameras are its own, and by which epochs, where it does not know."""
        mine = None if epochs is None else {one: epochs[one] for one in self.cameras if one in epochs}
        told = Assignment(cameras=sorted(self.cameras), epochs=mine)
        if self.told == told or self.process is None or self.process.stdin is None:
            return
        line = msgspec.json.encode(told) + b"\n"
        with suppress(ConnectionError):  # it has just died: whoever keeps it sees that next
            self.process.stdin.write(line)
            await self.process.stdin.drain()
            self.told = told

    async def stop(self) -> None:
        """End the process: its stdin ends, and where that does not do, it is killed."""
        process, self.process = self.process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), GRACE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._listening is not None:
            await asyncio.wait([self._listening], timeout=LAST_WORDS_S)
            self._listening.cancel()
        self.counts.end(process.pid)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            self.heard_s = time.monotonic()
            with suppress(msgspec.DecodeError):  # what a library prints is a sign of life too
                self._hear(process.pid, msgspec.json.decode(line, type=Beat))

    def _hear(self, pid: int, beat: Beat) -> None:
        if beat.counts is not None:
            self.counts.hear(pid, beat.counts)
        if beat.stuck is not None:
            self.stuck |= {beat.stuck}


def shard_command(home: Path, *, shared: bool = False) -> list[str]:
    """Return what starts a shard; its name comes last. `shared`: other machines run cameras too."""
    leased = ["--shared"] if shared else []
    return [sys.executable, "-m", "ingest", "shard", *leased, "--home", str(home.resolve())]


class Keeper:
    """The shards of one machine. `step` looks once; `keep` goes on for ever."""

    def __init__(
        self,
        command: Sequence[str],
        hold_back: HeldBack,
        *,
        shards: int | None = None,
        of: str = "",
        counts: Counts | None = None,
    ) -> None:
        """Take what starts a shard, whom to tell of cameras held back, how many shards (one a core), and whose.

        `counts` hears what they count.
        """
        self._command, self._hold_back, self._of = command, hold_back, of
        self._counts = counts or Counts()
        self.epochs: Mapping[int, int] | None = None  # of the leases, where machines share cameras
        self._held: frozenset[int] = frozenset()
        self.shards = [Shard(f"{of}shard-{n + 1}", self._counts) for n in range(shards or os.cpu_count() or 1)]
        self.apart: dict[Apart, Shard] = {}
        self._where: dict[int, int] = {}
        self._made = 0

    async def keep(self, enabled: Callable[[], Awaitable[set[int]]]) -> None:
        """Run the cameras that are enabled, until cancelled; then every shard is ended."""
        try:
            while True:
                await self.step(await enabled(), time.monotonic())
                await asyncio.sleep(LOOK_S)
        finally:
            await asyncio.gather(*(shard.stop() for shard in self.all()))

    def all(self) -> list[Shard]:
        """Return every shard, those that run apart last."""
        return [*self.shards, *self.apart.values()]

    async def step(self, cameras: set[int], now_s: float) -> None:
        """Bury the dead, share the cameras out, start what is missing, and tell each what is its own."""
        await self._bury(now_s)
        await self._clear(cameras, now_s)
        suspects = frozenset(camera for apart in self.apart for camera in apart.cameras)
        self._where = shared_out(cameras - suspects, self._where, len(self.shards))
        for number, shard in enumerate(self.shards):
            shard.cameras = frozenset(camera for camera, where in self._where.items() if where == number)
        for apart, shard in self.apart.items():
            shard.cameras = apart.cameras & cameras if apart.runs(now_s) else frozenset()
        for shard in self.all():
            await self._run(shard)
        held = frozenset(camera for apart in self.apart if not apart.runs(now_s) for camera in apart.cameras)
        if held == self._held or await self._hold_back(held - self._held):
            self._held = held

    async def _run(self, shard: Shard) -> None:
        if shard.process is None and shard.cameras:
            await shard.start(self._command)
        await shard.tell(self.epochs)

    async def _bury(self, now_s: float) -> None:
        for shard in [shard for shard in self.shards if shard.ended]:
            exit_ = _exit(shard)
            await _end(shard)
            log.error("shard_died", shard=shard.name, cameras=len(shard.cameras), exit=exit_, stuck=sorted(shard.stuck))
            again, shard.died_s = now_s - shard.died_s < SOON_S, now_s
            if again:
                self._set_apart(after_death(shard.suspects, now_s))
        for apart, shard in [(apart, shard) for apart, shard in self.apart.items() if shard.ended]:
            log.error("suspects_died", shard=shard.name, cameras=sorted(apart.cameras), exit=_exit(shard))
            await _end(shard)
            del self.apart[apart]
            self._set_apart(after_death(shard.suspects, now_s, deaths=apart.deaths))

    def _set_apart(self, suspects: Sequence[Apart]) -> None:
        for one in suspects:
            self._made += 1
            self.apart[one] = Shard(f"{self._of}apart-{self._made}", self._counts)

    async def _clear(self, cameras: set[int], now_s: float) -> None:
        """Let suspects back among the others who were quiet for long enough, and forget those nobody runs any more."""
        for apart, shard in list(self.apart.items()):
            if apart.is_cleared(now_s) or not apart.cameras & cameras:
                del self.apart[apart]
                await shard.stop()


def _exit(shard: Shard) -> int | str | None:
    code = shard.process.returncode if shard.process else None
    return "silent" if code is None else code


async def _end(shard: Shard) -> None:
    if shard.pid is not None and shard.process is not None:
        shard.process.kill()
    await shard.stop()
