"""Whether a process reaches the store, and which store that is: one that answers its friends may be cut off from it."""

import asyncio
import time

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cluster.wire import BEAT_S, SILENT_S
from layers.cameras import leases
from layers.database import visit

log = structlog.get_logger()
NEVER = float("-inf")


class Reach:
    """Knocks at the store all the time. A knock that hangs is not waited for: the time since the last one tells."""

    def __init__(self) -> None:
        """Know of no store."""
        self._store: str | None = None
        self._last_s = self._since_s = NEVER
        self._told = False  # that it is away

    async def keep(self, engine: AsyncEngine) -> None:
        """Knock until cancelled."""
        while True:
            try:
                async with visit(engine) as session:
                    self.reached(await leases.store(session), time.monotonic())
            except (DBAPIError, OSError) as error:
                self._missed(error)
            except Exception as error:
                log.error("store_failed", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(BEAT_S)

    def reached(self, store: str, now_s: float) -> None:
        """Note that the store has answered."""
        if self._store is not None and self.store(now_s) != store:
            self._since_s = now_s
        if self._told:
            self._told = False
            log.info("store_reached")
        self._store, self._last_s = store, now_s

    def _missed(self, error: Exception) -> None:
        if not self._told:
            log.warning("store_away", reason=type(error).__name__)
        self._told = True

    def store(self, now_s: float) -> str | None:
        """Return the store that is reached; None where none was lately."""
        return self._store if now_s - self._last_s < SILENT_S else None

    def for_s(self, now_s: float) -> float:
        """Return for how long it has been reached since it last was not, though it had been; 0 where it is not."""
        return 0.0 if self.store(now_s) is None else now_s - self._since_s
