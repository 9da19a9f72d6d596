"""Reckons what one camera would see beside the server: while it is compiled or reckoned, everybody else is answered."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from geo_server.planning.engine import beginning
from geo_server.planning.poses import Band, Cut, Pose
from geo_server.planning.viewsheds.cameras import Unseeing
from layers.coverage.schema import House


class Aside:
    """One process of its own, begun when somebody first asks, and anew where it was ended."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._process: ProcessPoolExecutor | None = None

    async def bands(self, pose: Pose, houses: Sequence[House], cut: Cut) -> list[Band] | Unseeing:
        """Return what `viewing.bands` does."""
        try:
            return await self._asked(pose, houses, cut)
        except BrokenProcessPool:
            self.close()
            return await self._asked(pose, houses, cut)

    async def _asked(self, pose: Pose, houses: Sequence[House], cut: Cut) -> list[Band] | Unseeing:
        if self._process is None:
            self._process = ProcessPoolExecutor(1, *beginning(nice=0))
        return await asyncio.get_running_loop().run_in_executor(self._process, _bands, pose, houses, cut)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
            self._process = None


def _bands(pose: Pose, houses: Sequence[House], cut: Cut) -> list[Band] | Unseeing:
    from geo_server.planning.viewing import bands  # it brings numba, which the server does not want to wait for

    return bands(pose, houses, cut)
