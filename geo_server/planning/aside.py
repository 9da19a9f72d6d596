"""Reckons beside the server what somebody waits for: while it is compiled or reckoned, everybody else is answered."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

from geo_server.planning.asked_grounds import AskedGround
from geo_server.planning.engine import beginning
from geo_server.planning.failing import By
from geo_server.planning.poses import Band, Cut, Pose
from geo_server.planning.viewsheds.cameras import Unseeing
from layers.coverage.schema import Buildings, House, Looking, Preset, Standing, Stirred
from layers.terrain.schema import TerrainGrid

if TYPE_CHECKING:  # they bring numba, which the server does not want to wait for
    from geo_server.planning.camera_sight import Sight
    from geo_server.planning.changing import Change
    from geo_server.planning.grounds import GroundSeen

PROCESSES = 2  # the second is begun when the first is busy: an area that is reckoned holds up no drag
Answer = TypeVar("Answer")


class Aside:
    """Processes of its own, begun when somebody first asks, and anew where one was ended."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._process: ProcessPoolExecutor | None = None

    async def bands(
        self, pose: Pose, houses: Sequence[House] | Buildings, cut: Cut, terrain: Sequence[TerrainGrid] = ()
    ) -> list[Band] | Unseeing:
        """Return what `viewing.bands` does."""
        return await self.run(_bands, pose, houses, cut, terrain)

    async def sight(
        self,
        camera: Looking,
        presets: Sequence[Preset],
        houses: Sequence[House],
        cut: Cut,
        turns: bool,
        terrain: Sequence[TerrainGrid],
    ) -> "Sight":
        """Return what `camera_sight.sight` does."""
        return await self.run(_sight, camera, presets, houses, cut, turns, terrain)

    async def change(self, pose: Pose, standing: Standing, instead_of: int | None, purpose: str) -> "Change":
        """Return what `changing.changed` does."""
        return await self.run(_change, pose, standing, instead_of, purpose)

    async def ground(self, asked: AskedGround, standing: Standing) -> "GroundSeen":
        """Return what `grounds.grounded` does."""
        return await self.run(_ground, asked, standing)

    async def alone(
        self, tile: Stirred, standing: Standing, inside: Collection[int], purpose: str, by: By, name: str
    ) -> list[bytes]:
        """Return what `alone.alone` does."""
        return await self.run(_alone, tile, standing, inside, purpose, by, name)

    async def run(self, work: Callable[..., Answer], *told: object) -> Answer:
        """Return what a function of a module gives; it travels by name, and what it is told by value."""
        try:
            return await self._asked(work, *told)
        except BrokenProcessPool:
            self.close()
            return await self._asked(work, *told)

    async def _asked(self, work: Callable[..., Answer], *told: object) -> Answer:
        if self._process is None:
            self._process = ProcessPoolExecutor(PROCESSES, *beginning(nice=0))
        return await asyncio.get_running_loop().run_in_executor(self._process, work, *told)

    def close(self) -> None:
        """End the processes."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
            self._process = None


def _bands(
    pose: Pose, houses: Sequence[House] | Buildings, cut: Cut, terrain: Sequence[TerrainGrid]
) -> list[Band] | Unseeing:
    from geo_server.planning.viewing import bands

    return bands(pose, houses, cut, terrain)


def _sight(
    camera: Looking,
    presets: Sequence[Preset],
    houses: Sequence[House],
    cut: Cut,
    turns: bool,
    terrain: Sequence[TerrainGrid],
) -> "Sight":
    from geo_server.planning.camera_sight import sight

    return sight(camera, presets, houses, cut, turns, terrain)


def _change(pose: Pose, standing: Standing, instead_of: int | None, purpose: str) -> "Change":
    from geo_server.planning.changing import changed

    return changed(pose, standing, instead_of, purpose)


def _ground(asked: AskedGround, standing: Standing) -> "GroundSeen":
    from geo_server.planning.grounds import grounded

    return grounded(asked, standing)


def _alone(tile: Stirred, standing: Standing, inside: Collection[int], purpose: str, by: By, name: str) -> list[bytes]:
    from geo_server.planning.alone import alone

    return alone(tile, standing, inside, purpose, by, name)
