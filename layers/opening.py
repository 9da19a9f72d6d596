"""Where the map opens, and a number that tells whether the ground under it was imported anew."""

from sqlalchemy import case, func, select, true

from layers.areas.table import area
from layers.asking import NOTHING, Reading
from layers.cities.table import city
from layers.database import Session
from layers.values import BBox, Level
from layers.viewer import Viewer

_AREAS = select(func.count()).select_from(area).scalar_subquery()
_IMPORTED = select((func.coalesce(func.max(city.c.id), 0) * 1000 + _AREAS).label("imported"))


async def imported(session: Session) -> int:
    """Return a number that grows with every import of a city or of areas."""
    return await asked_imported().of(session)


def asked_imported() -> Reading[int]:
    """Return the reading of that number."""
    return Reading(lambda rows: int(rows[0].imported), ((_IMPORTED, NOTHING),))


async def opening_box(session: Session, viewer: Viewer) -> BBox | None:
    """Return where the map opens: the newest city as far as the viewer sees it, else the viewer's area.

    None where the area is gone. The Republic's viewer opens on the city even where no area covers it, as with a city
    of another country.
    """
    own = select(area.c.geom, area.c.level).where(area.c.id == viewer.area_id).subquery("own")
    newest = select(city.c.geom).order_by(city.c.id.desc()).limit(1).subquery("newest")
    common = func.ST_Intersection(func.ST_Envelope(newest.c.geom), func.ST_Envelope(own.c.geom))
    box = case(
        (newest.c.geom.is_(None), own.c.geom),
        (func.ST_Area(common) > 0, common),
        (own.c.level == int(Level.REPUBLIC), newest.c.geom),
        else_=own.c.geom,
    )
    corners = (func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box))
    row = (await session.execute(select(*corners).select_from(own.outerjoin(newest, true())))).one_or_none()
    return None if row is None else BBox(west=row[0], south=row[1], east=row[2], north=row[3])
