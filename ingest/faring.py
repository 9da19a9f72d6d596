"""How cameras fare, written now and then for those who look at the map: frames, drops, milliseconds."""

import time
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.leases import Leases, writable
from ingest.watching import Watch, Watching
from layers.cameras import health
from layers.cameras.health import CameraHealth
from layers.database import visit

EVERY_S = 5.0


class Faring:
    """The health of the cameras of one shard, told every few seconds."""

    def __init__(self, shard: str, leases: Leases | None = None) -> None:
        """Take the name of the shard and, where machines share cameras, what it holds; nothing is told yet."""
        self._shard, self._leases = shard, leases
        self._due_s = 0.0

    async def tell(self, engine: AsyncEngine, watching: Watching) -> None:
        """Write how every camera fares, where that is due."""
        if time.monotonic() < self._due_s or not watching.watches:
            return
        self._due_s = time.monotonic() + EVERY_S
        now = datetime.now(UTC)
        rows = [self._of(camera_id, watch, now) for camera_id, watch in list(watching.watches.items())]
        async with visit(engine) as session:
            held = await writable(session, self._leases, [row.camera_id for row in rows])
            await health.write(session, [row for row in rows if row.camera_id in held])
            await health.take_sizes(session, sorted(held))

    def _of(self, camera_id: int, watch: Watch, now: datetime) -> CameraHealth:
        told, tallies = watch.health(), watch.tallies
        return CameraHealth(
            camera_id=camera_id,
            at=now,
            shard=self._shard,
            active=tallies.awake,
            frames=tallies.frames,
            dropped=watch.source.mailbox.dropped if watch.source else 0,
            detections=tallies.detections,
            faults=tallies.faults,
            reconnects=told.reconnects,
            gate_ms=tallies.gate_ms,
            detector_ms=tallies.detector_ms,
            skew_s=told.skew_s,
            codec=told.codec,
            width_px=told.width_px,
            height_px=told.height_px,
        )
