"""Every question asked of coverage: which tiles there are and wait, what stands in one, what was found, the shares."""

import struct
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ColumnElement,
    Double,
    LargeBinary,
    Select,
    SmallInteger,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from layers.addresses.table import address
from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.asking import BINARY, ask_each
from layers.buildings.table import building
from layers.cameras.table import camera, camera_preset
from layers.coverage.crowded import crowded
from layers.coverage.schema import (
    AreaShare,
    Buildings,
    House,
    Looking,
    Point,
    Preset,
    Square,
    Standing,
    State,
    Stirred,
)
from layers.coverage.table import coverage_share, coverage_tile
from layers.database import Session
from layers.incidents.table import incident
from layers.landcover.table import landcover
from layers.locks import AdvisoryLock
from layers.places.table import place
from layers.roads.table import road
from layers.terrain import queries as terrain
from layers.values import BBox, Level
from layers.viewer import Viewer

_t = coverage_tile.c
BUILT_UP = ("residential", "commercial", "industrial")
AROUND_DEG = 0.004  # of a tile, for streets and incidents: what happened next door counts here as well
LOCAL = "Asia/Almaty"  # in which the hours of a day are told
DEG_M = 60_000.0  # metres to a degree of longitude at 57°: further south it is more
SCHOOLS = frozenset({"school", "kindergarten"})
_COLLECTION = 7  # of geometries, as WKB numbers kinds
_SUMS = ("whole", "seen", "twice", "private", "night", "night_unknown")
_LENS = ("heading_deg", "tilt_deg", "roll_deg", "hfov_deg")
_CAMERA = ("id", "owner_kind", "pole", "node", "link", "facts", "height_m", "range_m", "width_px", "height_px", *_LENS)


async def may_reckon(session: Session) -> bool:
    """Say whether this process reckons until its connection ends; of several one does."""
    asked = text("SELECT pg_try_advisory_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.COVERAGE})).scalar_one())


# ── which tiles ─────────────────────────────────────────────────────────────────────────────────────────────────


async def settled(session: Session, inside: Collection[int]) -> list[bytes]:
    """Return the ground of these areas that counts, as WKB: districts and cities whole, elsewhere what is built up."""
    whole = select(_wkb(area.c.geom)).where(_counts_whole(), area.c.id.in_(inside))
    parts = select(_wkb(landcover.c.geom)).where(_built_up(), landcover.c.area_id.in_(inside))
    return [row[0] for asked in (whole, parts) for row in await session.execute(asked)]


async def hanging(session: Session, inside: Collection[int]) -> list[tuple[float, float, float]]:
    """Return longitude, latitude and range in metres of the cameras in these areas."""
    asked = select(func.ST_X(camera.c.geom), func.ST_Y(camera.c.geom), camera.c.range_m)
    return [tuple(row) for row in await session.execute(asked.where(camera.c.area_id.in_(inside)))]


async def lay(session: Session, squares: Sequence[Square]) -> None:
    """Lay the tiles that are not there yet; they are stirred."""
    if squares:
        rows = [{"epsg": one.epsg, "col": one.col, "row": one.row, "geom": _geom(one.geom)} for one in squares]
        await session.execute(upsert(coverage_tile).on_conflict_do_nothing(), rows)


async def ask_anew(session: Session, job_id: int, squares: Sequence[Square]) -> int:
    """Have these tiles reckoned for a job, also where nothing stirred them; returns how many."""
    keys = func.unnest(*([getattr(one, name) for one in squares] for name in ("epsg", "col", "row")))
    places = select(keys.table_valued("epsg", "col", "row").render_derived(name="asked")).subquery()
    same = and_(*(_t[name] == places.c[name] for name in ("epsg", "col", "row")))
    return int((await session.execute(update(coverage_tile).where(same).values(job_id=job_id))).rowcount)


async def waiting(session: Session, most: int, but: Collection[int] = ()) -> list[Stirred]:
    """Return tiles to reckon but for some: first those that were stirred, so that what changes is seen at once.

    One that somebody is stirring just now is left out: it will have to be reckoned when they have ended.
    """
    asked = select(*(_t[name] for name in Stirred.__dataclass_fields__))
    some = asked.where(_waits(), _t.id.not_in(but)).with_for_update(skip_locked=True, key_share=True)
    first = some.order_by(_t.reckoned_at.is_not(None).desc(), _t.stirred_at.is_(None), _t.id).limit(most)
    return [Stirred(**row._mapping) for row in await session.execute(first)]


def _waits() -> ColumnElement[bool]:
    return or_(_t.stirred_at.is_not(None), _t.job_id.is_not(None))


async def any_waiting(session: Session) -> bool:
    """Say whether any tile is to be reckoned that nobody is stirring just now."""
    asked = select(_t.id).where(_waits()).limit(1).with_for_update(skip_locked=True, key_share=True)
    return (await session.execute(asked)).scalar_one_or_none() is not None


async def left_of(session: Session, job_id: int) -> int:
    """Return how many tiles of a job are still to be reckoned."""
    asked = select(func.count()).select_from(coverage_tile).where(_t.job_id == job_id)
    return int((await session.execute(asked)).scalar_one())


async def forget_unreckoned(session: Session, job_id: int) -> None:
    """Take away the tiles of a job that were never reckoned: nobody wants them any more."""
    await session.execute(delete(coverage_tile).where(_t.job_id == job_id, _t.reckoned_at.is_(None)))


async def let_go(session: Session, job_id: int) -> None:
    """Leave a job's tiles as they were reckoned before."""
    await session.execute(update(coverage_tile).where(_t.job_id == job_id).values(job_id=None))


async def state(session: Session, inside: Collection[int]) -> State:
    """Return how fresh the tiles are that hold ground of these areas."""
    own = select(coverage_share.c.tile_id).where(coverage_share.c.area_id.in_(inside)).distinct()
    hilly, partly = (func.count().filter(_t.terrain == one) for one in ("whole", "part"))
    asked = select(func.count(), func.count(_t.stirred_at), func.min(_t.reckoned_at), hilly, partly)
    tiles, stirred, oldest, *known = (await session.execute(asked.where(_t.id.in_(own)))).one()
    return State(tiles=tiles, waiting=stirred, oldest=oldest, hilly=known[0], partly_hilly=known[1])


# ── what stands in one ──────────────────────────────────────────────────────────────────────────────────────────


async def standing(session: Session, tile_id: int) -> Standing:
    """Return what stands in a tile, around it as far as it matters, and who looks into it."""
    asked = select(func.ST_AsBinary(_t.geom, type_=LargeBinary)).where(_t.id == tile_id)
    box = bytes((await session.execute(asked)).scalar_one())
    whole, parts = await ask_each(session, *((one, {"box": box}) for one in _grounds()))
    return replace(await standing_in(session, box), grounds=[(row.id, row.wkb) for row in (*whole, *parts)])


async def standing_in(session: Session, box: bytes) -> Standing:
    """Return the same of a shape, WKB in degrees WGS 84, of which the box counts; less the areas it lies in."""
    streets, *things = await ask_each(session, *((one, {"box": box}) for one in _lying()))
    return replace(
        await looking_into(session, box),
        streets=[row.wkb for row in streets],
        points=[Point(*row) for found in things for row in found],
    )


async def looking_into(session: Session, box: bytes) -> Standing:
    """Return who looks into a shape, WKB in degrees WGS 84, the buildings on the way and the ground; nothing else."""
    told = {"box": box}
    cameras, presets = await ask_each(session, *((one, told) for one in _looking()))
    margin_deg = max((row.range_m for row in cameras), default=0.0) / DEG_M
    ((houses,),) = await ask_each(session, (_houses(), {**told, "margin": margin_deg}))
    return Standing(
        cameras=[Looking(**row._mapping) for row in cameras],
        presets=[Preset(**row._mapping) for row in presets],
        buildings=Buildings(
            wkb=_collection(houses.outlines, houses.count), height_m=houses.height_m or b"", levels=houses.levels or b""
        ),
        grounds=[],
        streets=[],
        points=[],
        terrain=await terrain.around(session, box, margin_deg),
    )


async def many_looking(session: Session, box: bytes, most: int) -> bool:
    """Say whether more than so many cameras look into a shape, WKB in degrees WGS 84."""
    some = select(camera.c.id).where(_meets(camera.c.reach, _box())).limit(most + 1).subquery()
    asked = select(func.count()).select_from(some)
    return int((await session.execute(asked, {"box": box})).scalar_one()) > most


async def one_looking(session: Session, viewer: Viewer, camera_id: int) -> tuple[Looking, list[Preset]] | None:
    """Return a camera that the viewer sees and its presets; None where there is none."""
    lon, lat = func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat")
    mine = (camera.c.id == camera_id) & seen_by(viewer, camera.c.area_id)
    row = (await session.execute(select(*(camera.c[name] for name in _CAMERA), lon, lat).where(mine))).one_or_none()
    if row is None:
        return None
    asked = select(*(camera_preset.c[name] for name in ("camera_id", *_LENS)))
    found = await session.execute(asked.where(camera_preset.c.camera_id == camera_id).order_by(camera_preset.c.id))
    return Looking(**row._mapping), [Preset(**one._mapping) for one in found]


async def tile(session: Session, tile_id: int) -> Stirred:
    """Return a tile that there is."""
    asked = select(*(_t[name] for name in Stirred.__dataclass_fields__)).where(_t.id == tile_id)
    return Stirred(**(await session.execute(asked)).one()._mapping)


async def houses_within(session: Session, box: BBox) -> list[House]:
    """Return the buildings that reach into a box in degrees WGS 84."""
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
    asked = select(_wkb(building.c.geom), building.c.height_m, building.c.levels).order_by(building.c.id)
    return [House._make(row) for row in await session.execute(asked.where(_meets(building.c.geom, envelope)))]


def _box() -> Any:
    return func.ST_GeomFromWKB(bindparam("box", type_=LargeBinary), 4326)


@cache
def _lying() -> tuple[Select[Any], ...]:
    return (_streets(), *_things())


@cache
def _looking() -> tuple[Select[Any], Select[Any]]:
    lon, lat = func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat")
    here = _meets(camera.c.reach, _box())
    cameras = select(*(camera.c[name] for name in _CAMERA), lon, lat).where(here).order_by(camera.c.id)
    joined = camera_preset.join(camera, camera.c.id == camera_preset.c.camera_id)
    presets = select(*(camera_preset.c[name] for name in ("camera_id", *_LENS))).select_from(joined).where(here)
    return cameras, presets.order_by(camera_preset.c.camera_id, camera_preset.c.id)


@cache
def _grounds() -> tuple[Select[Any], Select[Any]]:
    whole = select(area.c.id, _wkb(func.ST_Intersection(area.c.geom, _box())))
    parts = select(landcover.c.area_id.label("id"), _wkb(landcover.c.geom))
    return (
        whole.where(_counts_whole(), _meets(area.c.geom, _box()), func.ST_Intersects(area.c.geom, _box())).order_by(
            area.c.id
        ),
        parts.where(_built_up(), _meets(landcover.c.geom, _box())).order_by(landcover.c.area_id, landcover.c.id),
    )


def _streets() -> Select[Any]:
    return select(_wkb(road.c.geom)).where(_meets(road.c.geom, _near())).order_by(road.c.id)


def _things() -> tuple[Select[Any], ...]:
    crowds = crowded().values()
    buildings, places = ({kind for one in crowds for kind in getattr(one, name)} for name in ("buildings", "places"))
    hour = func.extract("hour", func.timezone(LOCAL, incident.c.opened_at)).cast(SmallInteger)
    return (
        _points("incidents", incident, incident.c.is_false_alarm.is_not(True), kind=incident.c.category, hour=hour),
        _points("places", place, _among(place.c.kind, places), kind=place.c.kind),
        _points(
            "places",
            building,
            _among(building.c.kind, buildings),
            at=func.ST_PointOnSurface(building.c.geom),
            kind=building.c.kind,
        ),
        _points("schools", place, _among(place.c.kind, SCHOOLS)),
        _points("addresses", address),
    )


def _among(kind: Any, kinds: Collection[str]) -> ColumnElement[bool]:
    """Say whether a kind is among some words: as one constant the store looks it up, parameters it compares in turn."""
    told: ColumnElement[Any] = literal_column("'{" + ",".join(sorted(kinds)) + "}'::text[]")
    among: ColumnElement[bool] = kind == func.any(told)
    return among


def _points(
    thing: str, table: Table, *which: ColumnElement[bool], at: Any = None, kind: Any = None, hour: Any = None
) -> Select[Any]:
    point = table.c.geom if at is None else at
    told: ColumnElement[str] = literal_column(f"'{thing}'::text").label("thing")
    more = [one for one in (kind, hour) if one is not None]
    found = select(told, func.ST_X(point).label("lon"), func.ST_Y(point).label("lat"), *more).select_from(table)
    return found.where(_meets(table.c.geom, _near()), *which).order_by(table.c.id)


@cache
def _houses() -> Select[Any]:
    around = func.ST_Expand(_box(), bindparam("margin", type_=Double))
    some = select(building.c.geom, building.c.height_m, building.c.levels)
    each = some.where(_meets(building.c.geom, around)).order_by(building.c.id).subquery().c
    outlines = _after_each_other(func.ST_AsBinary(each.geom))
    told = (
        _after_each_other(func.float4send(_or_nan(getattr(each, name)))).label(name) for name in ("height_m", "levels")
    )
    asked = select(outlines.label("outlines"), func.count().label("count"), *told)
    return asked.execution_options(**{BINARY: True})


def _after_each_other(one: Any) -> Any:
    return func.string_agg(one, literal_column("''::bytea"))


def _or_nan(number: Any) -> Any:
    return func.coalesce(number, literal_column("'NaN'::real"))


def _collection(outlines: bytes | None, count: int) -> bytes | None:
    """Return outlines that follow each other, WKB, as one collection: the store takes twice as long to make one."""
    return None if outlines is None else struct.pack("<BII", 1, _COLLECTION, count) + outlines


def _near() -> Any:
    return func.ST_Expand(_box(), AROUND_DEG)


# ── what was found ──────────────────────────────────────────────────────────────────────────────────────────────


async def shares(session: Session, viewer: Viewer, purpose: str) -> list[AreaShare]:
    """Return the shares of the viewer's area and of all below it, each with all that lies below."""
    leaf, one = area.alias("leaf"), coverage_share.c
    sums = [func.sum(one[name]).label(name) for name in _SUMS]
    joined = coverage_share.join(leaf, leaf.c.id == one.area_id).join(area, area.c.id == func.any(leaf.c.path))
    asked = select(area.c.id.label("area_id"), one.measure, *sums).select_from(joined)
    grouped = asked.where(one.purpose == purpose, seen_by(viewer, area.c.id)).group_by(area.c.id, one.measure)
    return [AreaShare(**row._mapping) for row in await session.execute(grouped.order_by(area.c.id, one.measure))]


def _counts_whole() -> ColumnElement[bool]:
    """Of cities and districts that nothing lies below all ground counts."""
    below = area.alias("below")
    leaf = ~exists().where(below.c.parent_id == area.c.id, below.c.closed_at.is_(None))
    return and_(area.c.level >= Level.CITY, area.c.closed_at.is_(None), leaf)


def _built_up() -> ColumnElement[bool]:
    """Elsewhere what is built up counts, as it belongs to no district."""
    whole = select(area.c.id).where(_counts_whole())
    return and_(landcover.c.kind.in_(BUILT_UP), landcover.c.area_id.not_in(whole))


def _meets(geom: Any, box: Any) -> ColumnElement[bool]:
    met: ColumnElement[bool] = geom.bool_op("&&")(box)
    return met


def _wkb(geom: Any) -> Any:
    return func.ST_AsBinary(geom, type_=LargeBinary).label("wkb")


def _geom(wkb: bytes) -> WKBElement:
    return WKBElement(wkb, srid=4326)
