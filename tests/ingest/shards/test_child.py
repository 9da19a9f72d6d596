"""A real shard in a process of its own, whose detector does not come back from a frame."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.shards.counts import Counts
from ingest.shards.keeping import Keeper
from layers.cameras.queries import NewCamera, enabled_ids, put_up
from layers.database import visit
from layers.values import LonLat, Title
from tests.ingest.sources.clips import segment

pytestmark = pytest.mark.anyio
BLOCKS = """
import asyncio, sys, threading
from pathlib import Path
from ingest import cameras
from ingest.shards.child import run_shard
from layers.database import engine_for

class Blocks:
    def detect(self, picture):
        threading.Event().wait()

cameras._open_detector = lambda card: Blocks()
asyncio.run(run_shard(engine_for(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], stuck_s=0.3))
"""


def new(code: str, url: str) -> NewCamera:
    told = {"life_safety": True, "rules": []}
    title, place = Title(kk=code, ru=code, en=code), LonLat(lon=76.94, lat=43.24)
    return NewCamera(code=code, title=title, place=place, url=url, reader="video_file", settings=told)


async def test_a_shard_whose_worker_is_stuck_on_a_frame_names_the_camera_ends_and_is_begun_anew_without_it(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "clip.ts").write_bytes(segment(0))
    async with visit(engine) as session:
        await put_up(session, [new("C-1", "clip.ts"), new("C-2", "missing.ts")])
        stuck, other = sorted(await enabled_ids(session))
    held: list[frozenset[int]] = []

    async def hold_back(cameras: frozenset[int]) -> bool:
        held.append(cameras)
        return True

    counts, command = Counts(), [sys.executable, "-c", BLOCKS, database_url, str(tmp_path)]
    made = Keeper(command, hold_back, shards=1, counts=counts)
    only = made.shards[0]
    only.died_s = 0.0  # it has just died once
    try:
        for _ in range(600):
            await made.step({stuck, other}, 1.0)
            if held:
                break
            await asyncio.sleep(0.05)
        assert held == [frozenset({stuck})]
        assert only.cameras == {other} and only.pid is not None
        frames = counts.registry().get_sample_value("qyran_camera_frames_total", {"camera": "C-1"})
        assert frames == 1  # its last words, which outlive it
    finally:
        await asyncio.gather(*(shard.stop() for shard in made.all()))
