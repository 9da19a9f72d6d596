"""Real processes: a stand-in for a shard that dies of one camera, so that the keeper is seen to find it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingest.shards.keeping import Keeper

pytestmark = pytest.mark.anyio
MORTAL = """
import json, os, sys
print(flush=True)
for line in sys.stdin:
    if BAD in json.loads(line)["cameras"]:
        os.kill(os.getpid(), 11)
    print(flush=True)
"""


Kept = tuple[Keeper, list[frozenset[int]]]
NAMING = MORTAL.replace("os.kill(os.getpid(), 11)", "os._exit(print(json.dumps({'stuck': BAD}), flush=True) or 1)")


def command(tmp_path: Path, bad: int, text: str = MORTAL) -> list[str]:
    script = tmp_path / "mortal.py"
    script.write_text(text.replace("BAD", str(bad)))
    return [sys.executable, str(script)]


@asynccontextmanager
async def keeper(tmp_path: Path, bad: int = -1, text: str = MORTAL) -> AsyncIterator[Kept]:
    held: list[frozenset[int]] = []

    async def hold_back(cameras: frozenset[int]) -> bool:
        held.append(cameras)
        return True

    made = Keeper(command(tmp_path, bad, text), hold_back, shards=2)
    try:
        yield made, held
    finally:
        await asyncio.gather(*(shard.stop() for shard in made.all()))


async def until(made: Keeper, cameras: set[int], holds: Callable[[], bool]) -> None:
    """Step by a clock of the test's own, a second at a time, until that holds."""
    for now_s in range(10_000, 10_300):
        await made.step(cameras, float(now_s))
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


async def test_cameras_are_shared_out_over_processes_that_live(tmp_path: Path) -> None:
    async with keeper(tmp_path) as (made, _):
        await made.step({1, 2, 3, 4}, 0.0)
        assert sorted(map(len, (shard.cameras for shard in made.shards))) == [2, 2]
        assert all(shard.pid for shard in made.shards) and made.shards[0].pid != made.shards[1].pid


async def test_a_shard_that_dies_once_begins_again_as_it_was(tmp_path: Path) -> None:
    async with keeper(tmp_path) as (made, _):
        await made.step({1, 2, 3, 4}, 10_000.0)
        first, other = made.shards
        pid, before = first.pid, first.cameras
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(made, {1, 2, 3, 4}, lambda: first.pid not in (None, pid))
        assert first.cameras == before and not made.apart
        assert other.pid is not None


async def test_the_camera_that_breaks_its_reader_ends_alone_and_held_back_and_the_others_run(tmp_path: Path) -> None:
    async with keeper(tmp_path, bad=3) as (made, held):
        cameras = set(range(1, 9))
        await until(made, cameras, lambda: held != [])
        assert held == [frozenset({3})]
        running = frozenset().union(*(shard.cameras for shard in made.all()))
        assert running == cameras - {3}
        assert all(shard.pid for shard in made.all() if shard.cameras)


async def test_a_camera_that_its_shard_named_before_it_ended_is_held_back_and_no_other(
    tmp_path: Path,
) -> None:
    async with keeper(tmp_path, bad=3, text=NAMING) as (made, held):
        cameras = set(range(1, 9))
        await until(made, cameras, lambda: bool(made.apart))
        assert [one.cameras for one in made.apart] == held == [frozenset({3})]


async def test_what_was_not_noted_is_said_again(tmp_path: Path) -> None:
    said = 0

    async def forgetful(_: frozenset[int]) -> bool:
        nonlocal said
        said += 1
        return said > 2

    made = Keeper(command(tmp_path, 1), forgetful, shards=1)
    try:
        await until(made, {1}, lambda: said == 3)
    finally:
        await asyncio.gather(*(shard.stop() for shard in made.all()))
