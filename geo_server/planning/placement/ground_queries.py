"""Where poles stand that the register knows."""

from sqlalchemy import func, select

from layers.cameras.table import camera
from layers.database import Session
from layers.values import BBox


async def poles(session: Session, box: BBox) -> list[tuple[float, float]]:
    """Return where the register knows a pole in a box of degrees: longitude and latitude, each pole once."""
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
    here = camera.c.pole.is_not(None), camera.c.geom.bool_op("&&")(envelope)
    asked = select(func.min(func.ST_X(camera.c.geom)), func.min(func.ST_Y(camera.c.geom))).where(*here)
    return [tuple(row) for row in await session.execute(asked.group_by(camera.c.pole).order_by(camera.c.pole))]
