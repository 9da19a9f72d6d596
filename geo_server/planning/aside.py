"""Reckons what one camera would see, or alone sees, beside the server: meanwhile everybody else is answered."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from geo_server.planning.engine import beginning
from geo_server.planning.failing import By
from geo_server.planning.poses import Band, Cut, Pose
from geo_server.planning.viewsheds.cameras import Unseeing
from layers.coverage.schema import House, Standing, Stirred

Answer = TypeVar("Answer")


class Aside:
    """One process of its own, begun when somebody first asks, and anew where it was ended."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._process: ProcessPoolExecutor | None = None

    async def bands(self, pose: Pose, houses: Sequence[House], cut: Cut) -> list[Band] | Unseeing:
        """Return what `viewing.bands` does."""
        return await self._asked(_bands, pose, houses, cut)

    async def alone(
        self, tile: Stirred, standing: Standing, inside: Collection[int], purpose: str, by: By, name: str
    ) -> list[bytes]:
        """Return what `alone.alone` does."""
        return await self._asked(_alone, tile, standing, inside, purpose, by, name)

    async def _asked(self, ask: Callable[..., Answer], *told: Any) -> Answer:
        try:
            return await self._begun(ask, *told)
        except BrokenProcessPool:
            self.close()
            return await self._begun(ask, *told)

    async def _begun(self, ask: Callable[..., Answer], *told: Any) -> Answer:
        if self._process is None:
            self._process = ProcessPoolExecutor(1, *beginning(nice=0))
        return await asyncio.get_running_loop().run_in_executor(self._process, ask, *told)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
            self._process = None


def _bands(pose: Pose, houses: Sequence[House], cut: Cut) -> list[Band] | Unseeing:
    from geo_server.planning.viewing import bands  # it brings numba, which the server does not want to wait for

    return bands(pose, houses, cut)


def _alone(tile: Stirred, standing: Standing, inside: Collection[int], purpose: str, by: By, name: str) -> list[bytes]:
    from geo_server.planning.alone import alone  # as above

    return alone(tile, standing, inside, purpose, by, name)
