"""Reckons what one camera would see beside the server: while it is compiled or reckoned, everybody else is answered."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from layers.coverage.schema import House

if TYPE_CHECKING:
    from geo_server.planning.viewing import Band, Cut, Pose
    from geo_server.planning.viewsheds.cameras import Unseeing


class Aside:
    """One process of its own, begun when somebody first asks."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._process: ProcessPoolExecutor | None = None

    async def bands(self, pose: "Pose", houses: Sequence[House], cut: "Cut") -> "list[Band] | Unseeing":
        """Return what `viewing.bands` does."""
        from geo_server.planning.viewing import bands  # it brings numba

        self._process = self._process or ProcessPoolExecutor(1, get_context("spawn"))
        asked = partial(bands, pose, houses, cut)
        return await asyncio.get_running_loop().run_in_executor(self._process, asked)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
