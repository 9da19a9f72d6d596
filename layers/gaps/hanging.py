"""Where a camera could hang to look into a gap: the poles of cameras and the buildings nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, Double, Float, Integer, LargeBinary, bindparam, func, literal, select

from layers.buildings.table import building
from layers.cameras.table import camera
from layers.database import Session
from layers.values import LonLat

NEAR_DEG = 0.003  # some 250 m: beyond it a camera would not see the gap
NEAREST = 6  # of each, by degrees; which of them is nearest in metres is reckoned from them


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What could hold a camera: a pole by its place and name, or a building by its outline; WKB in degrees WGS 84."""

    of: int  # which of the places that were asked about it is near to
    kind: str
    name: str | None
    wkb: bytes


async def holders(session: Session, places: Sequence[LonLat]) -> list[Holder]:
    """Return what stands near each place, by its number."""
    if not places:
        return []
    lon, lat = ([getattr(one, name) for one in places] for name in ("lon", "lat"))
    told = {"n": list(range(len(places))), "lon": lon, "lat": lat}
    asked = func.unnest(
        bindparam("n", type_=ARRAY(Integer)),
        bindparam("lon", type_=ARRAY(Double)),
        bindparam("lat", type_=ARRAY(Double)),
    )
    spots = asked.table_valued("n", "lon", "lat").render_derived(name="spot")
    at = func.ST_SetSRID(func.ST_MakePoint(spots.c.lon, spots.c.lat), 4326)
    found: list[Holder] = []
    named = {"pole": func.coalesce(camera.c.pole, camera.c.code), "building": literal(None)}
    for kind, table in (("pole", camera), ("building", building)):
        near = (
            select(func.ST_AsBinary(table.c.geom, type_=LargeBinary).label("wkb"), named[kind].label("name"))
            .where(table.c.geom.bool_op("&&")(func.ST_Expand(at, NEAR_DEG)))
            .order_by(table.c.geom.op("<->", return_type=Float)(at), table.c.id)
            .limit(NEAREST)
            .lateral("near")
        )
        rows = await session.execute(select(spots.c.n, near.c.name, near.c.wkb).select_from(spots, near), told)
        found += [Holder(of=row.n, kind=kind, name=row.name, wkb=bytes(row.wkb)) for row in rows]
    return found
