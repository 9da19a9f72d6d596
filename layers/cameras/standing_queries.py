"""Where a camera that turns stands and stood."""

from datetime import datetime

from sqlalchemy import case, func, select

from layers.cameras.standing import Stood, Turned
from layers.cameras.table import camera, camera_command, camera_preset
from layers.database import Session

_c, _p = camera_command.c, camera_preset.c
_at_preset = (_c.kind == "preset") & (_c.outcome == "done")


async def stood(session: Session, camera_id: int, since: datetime | None = None) -> Stood | None:
    """Return how a camera stands, and stood since a moment, none: now; None for one that does not turn.

    Where it stands is asked before what turns it: a turn that begins between the two is among these.
    """
    stands = case((camera.c.moving, None), else_=camera.c.preset).label("preset")
    told = select(camera.c.kind, func.clock_timestamp().label("at"), stands).where(camera.c.id == camera_id)
    now = (await session.execute(told)).one()
    if now.kind != "ptz":
        return None
    known = select(_p.token).where(_p.camera_id == camera_id, _p.calibration != "broken")
    tokens = frozenset((await session.execute(known)).scalars())
    return Stood(
        asked_at=now.at, preset=now.preset, known=tokens, turns=await _turns(session, camera_id, since or now.at)
    )


async def _turns(session: Session, camera_id: int, since: datetime) -> tuple[Turned, ...]:
    """Return the turns since a moment, and the last one before it."""
    own = _c.camera_id == camera_id
    last = select(func.coalesce(func.max(_c.id), 0)).where(own, _c.taken_at <= since).scalar_subquery()
    told = _c.taken_at, _c.done_at, case((_at_preset, _c.args["token"].astext)).label("preset")
    found = await session.execute(select(*told).where(own, _c.taken_at.is_not(None), _c.id >= last).order_by(_c.id))
    return tuple(Turned(**row._mapping) for row in found)
