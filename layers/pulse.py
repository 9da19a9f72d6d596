"""How fresh what comes in is: the last fix, the last frame, and how many cameras deliver."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from layers.cameras.table import camera
from layers.database import Session
from layers.units.table import unit_position


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """The server's times (UTC) at which the newest fix and the newest frame came, and enabled cameras by state."""

    fix_at: datetime | None
    frame_at: datetime | None
    cameras: dict[str, int]


async def pulse(session: Session) -> Pulse:
    """Feel it."""
    fix_at = (await session.execute(select(func.max(unit_position.c.received_at)))).scalar_one()
    asked = select(camera.c.state, func.count(), func.max(camera.c.last_frame_at)).where(camera.c.enabled)
    rows = (await session.execute(asked.group_by(camera.c.state))).all()
    frames = [row[2] for row in rows if row[2] is not None]
    return Pulse(fix_at=fix_at, frame_at=max(frames, default=None), cameras={row[0]: row[1] for row in rows})
