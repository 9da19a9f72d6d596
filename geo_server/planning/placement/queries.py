"""Every question asked of plans of cameras and of forbidden zones."""

from dataclasses import asdict
from typing import Any

import msgspec
import shapely
from geoalchemy2 import Geography, WKBElement
from sqlalchemy import LargeBinary, Select, cast, delete, func, insert, select, text, update

from geo_server.jobs.table import job
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.schema import (
    Hangs,
    Looks,
    Moved,
    Plan,
    PlanCamera,
    Proposal,
    Proposed,
    Square,
    Zone,
)
from geo_server.planning.placement.table import forbidden_zone, placement, placement_camera, placement_square
from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.database import Session
from layers.locks import AdvisoryLock
from layers.values import BBox
from layers.viewer import Viewer

_p, _c, _z, _s = placement.c, placement_camera.c, forbidden_zone.c, placement_square.c
_PLAIN = ("id", "name", "area_id", "made_by", "made_at", "job_id", "question", "epsg", "cell_m", "figures")
_HANGS = ("kind", "height_m", "heading_deg", "tilt_deg", "hfov_deg")
_LOOKS = ("ground_m2", "meets", "breaks", "unsure", "masks", "cells")
MOST = 200


async def may_reckon(session: Session) -> bool:
    """Say whether this process reckons plans until its connection ends; of several one does."""
    asked = text("SELECT pg_try_advisory_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.PLACEMENT})).scalar_one())


# ── plans ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def region(session: Session, area_id: int, drawn: bytes | None) -> tuple[bytes, float] | None:
    """Return an area's ground as a MultiPolygon, WKB, or what of a drawn shape lies in it, and its box in m2.

    None where nothing of it does.
    """
    ground = select(area.c.geom).where(area.c.id == area_id).scalar_subquery()
    part = ground if drawn is None else func.ST_Intersection(ground, _geom(drawn))
    whole = select(func.ST_Multi(func.ST_CollectionExtract(part, 3)).label("geom")).subquery()
    box_m2 = func.ST_Area(cast(func.ST_Envelope(whole.c.geom), Geography))
    row = (await session.execute(select(_wkb(whole.c.geom), box_m2, func.ST_IsEmpty(whole.c.geom)))).one()
    return None if row[0] is None or row[2] else (bytes(row[0]), float(row[1]))


async def make(
    session: Session, viewer: Viewer, *, name: str, area_id: int, question: Question, region: bytes, epsg: int
) -> int:
    """Write a plan that is not reckoned yet; returns its id."""
    told = {"name": name, "area_id": area_id, "made_by": viewer.name, "epsg": epsg, "region": _geom(region)}
    row = {**told, "question": msgspec.to_builtins(question)}
    return int((await session.execute(insert(placement).values(row).returning(_p.id))).scalar_one())


async def has_job(session: Session, plan_id: int, job_id: int) -> None:
    """Say which job reckons a plan."""
    await session.execute(update(placement).where(_p.id == plan_id).values(job_id=job_id))


async def seen(session: Session, viewer: Viewer) -> list[Plan]:
    """Return the newest plans of the viewer's area and below."""
    asked = _plans().where(seen_by(viewer, _p.area_id)).order_by(_p.id.desc()).limit(MOST)
    return [_plan(row) for row in await session.execute(asked)]


async def find(session: Session, viewer: Viewer, plan_id: int) -> Plan | None:
    """Return one plan of the viewer's area or below; None where there is none."""
    row = (await session.execute(_plans().where(_p.id == plan_id, seen_by(viewer, _p.area_id)))).one_or_none()
    return None if row is None else _plan(row)


async def of_job(session: Session, job_id: int) -> Plan | None:
    """Return the plan that a job reckons; None where it was deleted."""
    row = (await session.execute(_plans().where(_p.job_id == job_id))).one_or_none()
    return None if row is None else _plan(row)


async def figures(session: Session, plan_id: int) -> dict[str, Any] | None:
    """Return the figures of a plan; None until it is reckoned."""
    return (await session.execute(select(_p.figures).where(_p.id == plan_id))).scalar_one_or_none()


async def remove(session: Session, plan_id: int) -> None:
    """Delete a plan; a job that reckons it is called off."""
    at_work = job.c.id.in_(select(_p.job_id).where(_p.id == plan_id)), job.c.ended_at.is_(None)
    stopped = func.coalesce(job.c.cancelled_at, func.clock_timestamp())
    await session.execute(update(job).where(*at_work).values(cancelled_at=stopped))
    await session.execute(delete(placement).where(_p.id == plan_id))


async def write(session: Session, plan_id: int, found: Proposal) -> None:
    """Keep what was proposed, in the place of what was."""
    for table in (placement_camera, placement_square):
        await session.execute(delete(table).where(table.c.placement_id == plan_id))
    rows = [_camera_row(plan_id, number, one) for number, one in enumerate(found.cameras, 1)]
    tiles = [{"placement_id": plan_id, **asdict(one)} for one in found.squares]
    for table, some in ((placement_camera, rows), (placement_square, tiles)):
        if some:
            await session.execute(insert(table), some)
    done = update(placement).where(_p.id == plan_id)
    await session.execute(done.values(figures=found.figures, cell_m=found.cell_m))


async def tell(session: Session, plan_id: int, figures: dict[str, Any]) -> None:
    """Keep figures that are others now."""
    await session.execute(update(placement).where(_p.id == plan_id).values(figures=figures))


def _plans() -> Select[Any]:
    return select(*(_p[name] for name in _PLAIN), _wkb(_p.region).label("region"))


def _plan(row: Any) -> Plan:
    plain = {name: getattr(row, name) for name in _PLAIN if name != "question"}
    return Plan(question=msgspec.convert(row.question, Question), region=bytes(row.region), **plain)


# ── cameras of a plan ───────────────────────────────────────────────────────────────────────────────────────────


async def cameras(session: Session, plan_id: int) -> list[PlanCamera]:
    """Return a plan's cameras, the one that adds most first."""
    plain = (_c[name] for name in ("id", "placement_id", "number", "source", "price", "adds", "moved_by"))
    place = func.ST_X(_c.geom).label("lon"), func.ST_Y(_c.geom).label("lat")
    asked = select(*plain, *(_c[name] for name in (*_HANGS, *_LOOKS)), *place, _wkb(_c.seen).label("geom"))
    return [_camera(row) for row in await session.execute(asked.where(_c.placement_id == plan_id).order_by(_c.number))]


async def others(session: Session, plan_id: int, camera_id: int, box: BBox) -> list[bytes]:
    """Return the cells of a plan's other cameras that see something in a box of degrees."""
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
    theirs = _c.placement_id == plan_id, _c.id != camera_id, _c.seen.bool_op("&&")(envelope)
    return [bytes(one) for one in (await session.execute(select(_c.cells).where(*theirs))).scalars()]


async def squares(session: Session, plan_id: int, within: tuple[int, int, int, int] | None = None) -> list[Square]:
    """Return what counts of a plan's ground; of the squares from the first column and row to the last."""
    asked = select(*(_s[name] for name in ("col", "row", "cells", "weight"))).where(_s.placement_id == plan_id)
    if within is not None:
        asked = asked.where(_s.col.between(within[0], within[2]), _s.row.between(within[1], within[3]))
    found = await session.execute(asked.order_by(_s.row, _s.col))
    return [Square(col=one.col, row=one.row, cells=bytes(one.cells), weight=bytes(one.weight)) for one in found]


async def hang(session: Session, camera_id: int, hangs: Hangs, found: Moved, who: str) -> None:
    """Keep how a camera hangs now."""
    row = {**_hanging(hangs), **_looking(found.looks), "moved_by": who, "adds": found.adds}
    await session.execute(update(placement_camera).where(_c.id == camera_id).values(row))


async def take_down(session: Session, camera_id: int) -> None:
    """Take a camera out of its plan."""
    await session.execute(delete(placement_camera).where(_c.id == camera_id))


def _camera_row(plan_id: int, number: int, one: Proposed) -> dict[str, Any]:
    told = {"placement_id": plan_id, "number": number, "source": one.source, "price": one.price, "adds": one.adds}
    return {**told, **_hanging(one.hangs), **_looking(one.looks)}


def _hanging(hangs: Hangs) -> dict[str, Any]:
    place = _geom(shapely.to_wkb(shapely.Point(hangs.lon, hangs.lat)))
    return {"geom": place, **{name: getattr(hangs, name) for name in _HANGS}}


def _looking(looks: Looks) -> dict[str, Any]:
    return {"seen": _geom(looks.geom), **{name: getattr(looks, name) for name in _LOOKS}}


def _camera(row: Any) -> PlanCamera:
    return PlanCamera(
        id=row.id,
        placement_id=row.placement_id,
        number=row.number,
        hangs=Hangs(lon=row.lon, lat=row.lat, **{name: getattr(row, name) for name in _HANGS}),
        looks=Looks(geom=bytes(row.geom), refused=(), **{name: getattr(row, name) for name in _LOOKS}),
        source=row.source,
        price=row.price,
        adds=row.adds,
        moved_by=row.moved_by,
    )


# ── forbidden zones ─────────────────────────────────────────────────────────────────────────────────────────────


async def zones(session: Session, viewer: Viewer) -> list[Zone]:
    """Return the forbidden zones of the viewer's area and below."""
    return await _zones(session, _zone_rows().where(seen_by(viewer, _z.area_id)))


async def zone(session: Session, viewer: Viewer, zone_id: int) -> Zone | None:
    """Return one of them; None where there is none."""
    found = await _zones(session, _zone_rows().where(_z.id == zone_id, seen_by(viewer, _z.area_id)))
    return found[0] if found else None


async def zones_in(session: Session, box: BBox) -> list[Zone]:
    """Return the forbidden zones that reach into a box of degrees, of all areas in scope."""
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
    return await _zones(session, _zone_rows().where(_z.geom.bool_op("&&")(envelope)))


async def draw_zone(session: Session, viewer: Viewer, name: str, rule: str, shape: bytes) -> int:
    """Write a forbidden zone; raises psycopg's InsufficientPrivilege where its place is not the viewer's."""
    row = {"name": name, "rule": rule, "made_by": viewer.name, "geom": _geom(shape)}
    return int((await session.execute(insert(forbidden_zone).values(row).returning(_z.id))).scalar_one())


async def change_zone(session: Session, zone_id: int, name: str, rule: str, shape: bytes) -> None:
    """Write a forbidden zone anew."""
    row = {"name": name, "rule": rule, "geom": _geom(shape)}
    await session.execute(update(forbidden_zone).where(_z.id == zone_id).values(row))


async def remove_zone(session: Session, zone_id: int) -> None:
    """Delete a forbidden zone."""
    await session.execute(delete(forbidden_zone).where(_z.id == zone_id))


def _zone_rows() -> Select[Any]:
    plain = ("id", "name", "rule", "area_id", "made_by", "made_at")
    return select(*(_z[name] for name in plain), _wkb(_z.geom).label("wkb")).order_by(_z.id)


async def _zones(session: Session, asked: Select[Any]) -> list[Zone]:
    return [Zone(**{**row._mapping, "wkb": bytes(row.wkb)}) for row in await session.execute(asked)]


def _wkb(geom: Any) -> Any:
    return func.ST_AsBinary(geom, type_=LargeBinary)


def _geom(wkb: bytes) -> WKBElement:
    return WKBElement(wkb, srid=4326)
