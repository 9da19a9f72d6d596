"""Every question that reports ask of the store: shapes of an area, as finely as there is room for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, case, func, select, text
from sqlalchemy.sql.selectable import FromClause

from geo_server.planning.reports.detail import M_PER_DEG, ROOMS, coarser, fitting
from geo_server.planning.reports.schema import CLASSES, Drawn, Shape, Unseeing
from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.buildings.table import building
from layers.cameras.table import camera
from layers.coverage.table import camera_unseeing, coverage, coverage_share, coverage_tile
from layers.database import Session
from layers.gaps.table import gap
from layers.landcover.table import landcover
from layers.locks import AdvisoryLock
from layers.roads.table import road
from layers.values import BBox
from layers.viewer import Viewer

GROUND = ("water", "green")  # kinds of land cover that a map is read by
_SIDES = {"west": func.ST_XMin, "south": func.ST_YMin, "east": func.ST_XMax, "north": func.ST_YMax}


async def may_report(session: Session) -> bool:
    """Say whether this process makes reports until its connection ends; of several one does."""
    asked = text("SELECT pg_try_advisory_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.REPORTS})).scalar_one())


async def coverage_of(session: Session, viewer: Viewer, purpose: str) -> Drawn:
    """Return the ground that is seen for a purpose, the largest patches first; `cameras` is 1 or 2 for more."""
    inside = (coverage.c.purpose == purpose, seen_by(viewer, coverage.c.area_id))
    return await _drawn(session, "coverage", coverage, (coverage.c.cameras,), inside, func.ST_Area(coverage.c.geom))


async def gaps_of(session: Session, viewer: Viewer, purpose: str) -> Drawn:
    """Return the ground that nobody sees for a purpose, what weighs most first."""
    told = tuple(gap.c[name] for name in ("id", "weight", "ground_m2"))
    inside = (gap.c.purpose == purpose, seen_by(viewer, gap.c.area_id))
    return await _drawn(session, "gaps", gap, told, inside, gap.c.weight, gap.c.ground_m2)


async def cameras_of(session: Session, viewer: Viewer, language: str) -> Drawn:
    """Return the cameras as points, with why one sees nothing where that is known; of too many some of everywhere."""
    c = camera.c
    told = (c.code, c[f"name_{language}"].label("name"), c.height_m, camera_unseeing.c.reason)
    of = camera.outerjoin(camera_unseeing, camera_unseeing.c.camera_id == c.id)
    return await _drawn(session, "cameras", of, told, (seen_by(viewer, c.area_id),), func.md5(c.code), at=c.geom)


async def areas_of(session: Session, viewer: Viewer) -> Drawn:
    """Return the borders of the areas, the largest first."""
    inside = (seen_by(viewer, area.c.id), area.c.closed_at.is_(None))
    return await _drawn(session, "areas", area, (area.c.id, area.c.level), inside, -area.c.level)


async def streets_of(session: Session, viewer: Viewer) -> Drawn:
    """Return the streets, the great ones first; `class` is OpenStreetMap's."""
    rank = case({name: n for n, name in enumerate(reversed(CLASSES), 1)}, value=road.c["class"], else_=0)
    inside = (seen_by(viewer, road.c.area_id),)
    return await _drawn(session, "streets", road, (road.c["class"],), inside, rank, road.c.length_m)


async def landcover_of(session: Session, viewer: Viewer) -> Drawn:
    """Return water and green, the largest first."""
    inside = (landcover.c.kind.in_(GROUND), seen_by(viewer, landcover.c.area_id))
    size = func.ST_Area(landcover.c.geom)
    return await _drawn(session, "landcover", landcover, (landcover.c.kind,), inside, size)


async def buildings_of(session: Session, viewer: Viewer) -> Drawn:
    """Return the buildings, the largest first, with what is known of their height."""
    told = (building.c.height_m, building.c.levels)
    inside = (seen_by(viewer, building.c.area_id),)
    return await _drawn(session, "buildings", building, told, inside, func.ST_Area(building.c.geom))


async def unseeing(session: Session, viewer: Viewer, language: str, most: int) -> tuple[list[Unseeing], int]:
    """Return the first cameras that nobody can reckon by their codes, and how many there are."""
    of = camera_unseeing.join(camera, camera.c.id == camera_unseeing.c.camera_id)
    told = (camera.c.code, camera.c[f"name_{language}"].label("name"), camera_unseeing.c.reason)
    asked = select(*told, func.count().over().label("whole")).select_from(of).where(seen_by(viewer, camera.c.area_id))
    rows = (await session.execute(asked.order_by(camera.c.code).limit(most))).all()
    found = [Unseeing(code=row.code, name=row.name, reason=row.reason) for row in rows]
    return found, rows[0].whole if rows else 0


async def hanging(session: Session, viewer: Viewer) -> list[tuple[float, float]]:
    """Return the longitude and latitude of every camera."""
    asked = select(func.ST_X(camera.c.geom), func.ST_Y(camera.c.geom)).where(seen_by(viewer, camera.c.area_id))
    return [(row[0], row[1]) for row in await session.execute(asked)]


async def seen_of_tiles(session: Session, viewer: Viewer, purpose: str) -> list[tuple[float, float, float]]:
    """Return of each tile the lon and lat of its middle, and how many square metres of it are seen for a purpose."""
    middle, one = func.ST_Centroid(coverage_tile.c.geom), coverage_share.c
    asked = select(func.ST_X(middle), func.ST_Y(middle), func.sum(one.seen)).select_from(
        coverage_share.join(coverage_tile, coverage_tile.c.id == one.tile_id)
    )
    inside = (one.purpose == purpose, one.measure == "ground_m2", seen_by(viewer, one.area_id))
    grouped = asked.where(*inside).group_by(coverage_tile.c.id)
    return [(row[0], row[1], row[2]) for row in await session.execute(grouped)]


async def extent(session: Session, viewer: Viewer) -> BBox:
    """Return the box of what was reckoned or hangs in the area, and of the area itself where that is nothing."""
    parts = [
        select(func.ST_Extent(table.c.geom).label("box")).where(seen_by(viewer, table.c.area_id))
        for table in (coverage, gap, camera)
    ]
    own = select(func.ST_Extent(area.c.geom).label("box")).where(area.c.id == viewer.area_id)
    for asked in (parts[0].union_all(*parts[1:]), own):
        box = asked.subquery()
        whole = select(func.ST_Extent(func.geometry(box.c.box)).label("box")).subquery()
        row = (await session.execute(select(*(side(whole.c.box).label(name) for name, side in _SIDES.items())))).one()
        if row.west is not None:
            return BBox(**row._mapping)
    raise LookupError(f"area {viewer.area_id} has no border")


async def area_shapes(session: Session, viewer: Viewer) -> dict[int, bytes]:
    """Return the borders of the areas as they are, WKB by id."""
    asked = select(area.c.id, func.ST_AsBinary(area.c.geom, type_=LargeBinary).label("wkb"))
    rows = await session.execute(asked.where(seen_by(viewer, area.c.id), area.c.closed_at.is_(None)))
    return {row.id: row.wkb for row in rows}


async def _drawn(
    session: Session,
    name: str,
    of: FromClause,
    told: Sequence[ColumnElement[Any]],
    inside: Sequence[ColumnElement[bool]],
    *heaviest: ColumnElement[Any],
    at: ColumnElement[Any] | None = None,
) -> Drawn:
    room, geom = ROOMS[name], of.c.geom if at is None else at
    counted = select(func.count(), func.coalesce(func.sum(func.ST_NPoints(geom)), 0)).select_from(of).where(*inside)
    whole, points = (await session.execute(counted)).one()
    found = Drawn(shapes=(), whole=whole)
    for strays_m in coarser(int(points), room):
        shown = geom if not strays_m else func.ST_Simplify(geom, strays_m / M_PER_DEG)
        asked = _first(select(*told, func.ST_AsBinary(shown, type_=LargeBinary).label("wkb")), of, inside, heaviest)
        rows = [row._mapping for row in await session.execute(asked.limit(room.shapes))]
        shapes = [Shape(wkb=row["wkb"], told={one.name: row[one.name] for one in told}) for row in rows if row["wkb"]]
        found = fitting(shapes, whole, room, strays_m)
        if len(found.shapes) == len(shapes):
            break
    return found


def _first(asked: Select[Any], of: FromClause, inside: Sequence[Any], heaviest: Sequence[Any]) -> Select[Any]:
    return asked.select_from(of).where(*inside).order_by(*(one.desc() for one in heaviest))
