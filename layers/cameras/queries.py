"""Everything asked of the table of cameras."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Table,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from layers.areas.table import area
from layers.asking import ask
from layers.cameras.now import CameraNow
from layers.cameras.reasons import Reason, in_english, storable, stored
from layers.cameras.table import camera, camera_command, camera_preset
from layers.database import Session
from layers.sight.locator import RANGE_M
from layers.values import LonLat, Title

POSTED = "pictures"  # the reader of cameras whose pictures machines post
TURNED_S = 180.0  # so long after a turn another picture is no sign of a blow: a shift is told a minute after it at most


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraRow:
    """A camera as the west wing runs it: metres, degrees, pixels; rules and control points as they stand in the row."""

    id: int
    code: str
    place: LonLat
    url: str
    reader: str
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    width_px: int | None
    height_px: int | None
    control_points: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    kind: str = "fixed"
    main_url: str | None = None
    transport: str = "tcp"
    fps_limit: float = 5.0
    life_safety: bool = False
    masks: list[dict[str, Any]] = field(default_factory=list)
    distortion: list[float] | None = None
    ground: dict[str, float] | None = None
    range_m: float = RANGE_M
    hfov_found: bool = False
    presets: list[dict[str, Any]] = field(default_factory=list)  # each with its token, its pose and its control points


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraState:
    """How a camera is, as the west wing saw it at `at`."""

    camera_id: int
    state: str
    at: datetime
    why: tuple[Reason, ...]
    last_frame_at: datetime | None
    fps: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCamera:
    """A camera to be put up; `code` says whether it is there already."""

    code: str
    title: Title
    place: LonLat
    url: str
    reader: str
    settings: dict[str, Any]  # the other columns by their names: pose, control points, rules


_RUN = [camera.c[one.name] for one in fields(CameraRow) if one.name not in ("place", "presets")]
_OF_PRESET = {
    name: camera_preset.c[name] for name in ("token", "heading_deg", "tilt_deg", "hfov_deg", "control_points")
}
_OF_VIEW = {
    name: case((camera_preset.c.calibrated_at.is_(None), camera.c[name]), else_=camera_preset.c[name])
    for name in ("roll_deg", "distortion", "ground", "hfov_found")  # the camera's, until it was calibrated by itself
}
_PRESETS = (
    select(
        func.coalesce(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_object(*(part for told in (_OF_PRESET | _OF_VIEW).items() for part in told)),
                    camera_preset.c.id,
                )
            ),
            text("'[]'::jsonb"),
        )
    )
    .where(camera_preset.c.camera_id == camera.c.id)
    .scalar_subquery()
    .label("presets")
)
_TO_RUN = (
    select(*_RUN, _PRESETS, func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat"))
    .where(camera.c.enabled)
    .order_by(camera.c.id)
)
_MINE = _TO_RUN.where(camera.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
_IDS = select(camera.c.id).where(camera.c.enabled)
_SHAREABLE = _IDS.where(camera.c.reader != POSTED)


async def enabled(session: Session, among: Collection[int] | None = None) -> list[CameraRow]:
    """Return every camera that is to be read, or of them those with these ids, in the order of ids."""
    if among is not None and not among:
        return []
    wanted = _TO_RUN if among is None else _MINE
    rows = [dict(row._mapping) for row in await ask(session, wanted, {} if among is None else {"ids": list(among)})]
    return [CameraRow(place=LonLat(lon=row.pop("lon"), lat=row.pop("lat")), **row) for row in rows]


async def enabled_ids(session: Session) -> set[int]:
    """Return the ids of all cameras that are to be read."""
    return {row.id for row in await ask(session, _IDS)}


async def shareable_ids(session: Session) -> set[int]:
    """Return those that any machine can read: pictures that are posted lie with the door they are posted to."""
    return {row.id for row in await ask(session, _SHAREABLE)}


_at_it = (camera_preset.c.camera_id == camera.c.id) & (camera_preset.c.token == camera.c.preset)
_broken = func.coalesce(camera_preset.c.calibration, camera.c.calibration) == "broken"
_NOW = (
    select(camera.c.id, camera.c.preset, camera.c.moving, camera.c.turned, _broken.label("broken"))
    .outerjoin(camera_preset, _at_it)
    .where(camera.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
)


async def now(session: Session, cameras: Collection[int]) -> dict[int, CameraNow]:
    """Return what each of these cameras stands at, by id; at a preset its calibration is what counts."""
    found = await ask(session, _NOW, {"ids": list(cameras)})
    return {
        row.id: CameraNow(preset=row.preset, moving=row.moving, turned=row.turned, broken=row.broken) for row in found
    }


async def write_states(session: Session, states: Sequence[CameraState]) -> None:
    """Write how cameras are; `state_at` moves only where the state itself changed."""
    if not states:
        return
    same = camera.c.state == bindparam("new_state")
    write = (
        update(camera)
        .where(camera.c.id == bindparam("camera_id"))
        .values(
            state=bindparam("new_state"),
            state_at=case((same, camera.c.state_at), else_=bindparam("at")),
            state_reason=bindparam("reason"),
            state_why=bindparam("why", type_=JSONB),
            last_frame_at=bindparam("frame_at"),
            fps=bindparam("new_fps"),
        )
    )
    await session.execute(write, [_binds(state) for state in states])


def _binds(state: CameraState) -> dict[str, Any]:
    return {
        "camera_id": state.camera_id,
        "new_state": state.state,
        "at": state.at,
        "reason": in_english([storable(one) for one in state.why]),
        "why": stored(state.why),
        "frame_at": state.last_frame_at,
        "new_fps": state.fps,
    }


async def fed_under(session: Session, area_id: int) -> dict[str, int]:
    """Return ids by code of the cameras of that area or below whose pictures machines send (MIA 897 §6.5)."""
    theirs: Any = literal(area_id) == any_(area.c.path)
    asked = select(camera.c.code, camera.c.id).join(area, area.c.id == camera.c.area_id)
    fed = asked.where(theirs, camera.c.reader == POSTED, camera.c.enabled)
    return {row.code: row.id for row in await session.execute(fed)}


async def move(session: Session, places: Mapping[int, LonLat]) -> list[int]:
    """Move cameras that fly to where they are now; return the ids of those that stand elsewhere than before."""
    at = func.ST_SetSRID(func.ST_MakePoint(bindparam("lon"), bindparam("lat")), 4326)
    flies = (
        camera.c.id == bindparam("camera_id"),
        camera.c.kind == "drone",
        func.not_(func.ST_Equals(camera.c.geom, at)),
    )
    change = update(camera).where(*flies).values(geom=at).returning(camera.c.id)
    moved: list[int] = []
    for camera_id, place in places.items():
        moved += (await session.execute(change, {"camera_id": camera_id, "lon": place.lon, "lat": place.lat})).scalars()
    return moved


async def calibration_broken(session: Session, camera_id: int) -> list[int]:
    """Mark what a camera and its views know of their pose as broken: it looks elsewhere. Return its id if that is news.

    One that knows no pose has nothing to lose and stays as it is; so does one that somebody turned a moment ago.
    """
    turned = exists().where(camera_command.c.camera_id == camera.c.id, camera_command.c.taken_at > _ago(TURNED_S))
    mark = update(camera).where(camera.c.id == camera_id, _posed(camera), ~turned).values(calibration="broken")
    marked = list((await session.execute(mark.returning(camera.c.id))).scalars())
    at_preset = exists().where(camera.c.id == camera_id, camera.c.preset.is_not(None), ~turned)
    views = update(camera_preset).where(camera_preset.c.camera_id == camera_id, _posed(camera_preset), at_preset)
    found = await session.execute(views.values(calibration="broken").returning(camera_preset.c.camera_id))
    return sorted({*marked, *found.scalars()})


def _posed(of: Table) -> ColumnElement[bool]:
    """Say of a camera or a view that it knows a pose which is not broken yet."""
    points = of.c.control_points != text("'[]'::jsonb")
    return and_(of.c.calibration != "broken", or_(of.c.calibration == "good", points, of.c.heading_deg.is_not(None)))


def _ago(seconds: float) -> ColumnElement[datetime]:
    return func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)


async def put_up(session: Session, new: Sequence[NewCamera]) -> list[int]:
    """Write cameras and return the ids of those that were not there before, by code."""
    rows = [
        {
            "code": one.code,
            "name_kk": one.title.kk,
            "name_ru": one.title.ru,
            "name_en": one.title.en,
            "url": one.url,
            "reader": one.reader,
            "geom": func.ST_SetSRID(func.ST_MakePoint(one.place.lon, one.place.lat), 4326),
            **one.settings,
        }
        for one in new
    ]
    ids = []
    for row in rows:
        once = postgresql.insert(camera).values(row).on_conflict_do_nothing(index_elements=["code"])
        ids.append((await session.execute(once.returning(camera.c.id))).scalar_one_or_none())
    return cast(list[int], [camera_id for camera_id in ids if camera_id is not None])


async def change(session: Session, code: str, **values: Any) -> int | None:
    """Change columns of a camera, by its code; return its id, None where there is none; raises IntegrityError."""
    write = update(camera).where(camera.c.code == code).values(values).returning(camera.c.id)
    changed: int | None = (await session.execute(write)).scalar_one_or_none()
    return changed


async def read_first_by(session: Session, code: str, reader: str) -> None:
    """Let a camera that nothing reads yet be read by this; one that is read stays as it is."""
    await session.execute(update(camera).where(camera.c.code == code, camera.c.reader == "").values(reader=reader))


async def addresses(session: Session, code: str) -> tuple[str, str, str | None] | None:
    """Return what reads a camera, and where: its address and its main one; None where there is none."""
    asked = select(camera.c.reader, camera.c.url, camera.c.main_url).where(camera.c.code == code)
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else (row.reader, row.url, row.main_url)


async def point_at(session: Session, urls: Mapping[str, str]) -> list[int]:
    """Point cameras, by code, at other addresses; return the ids of those that pointed elsewhere before."""
    moved: list[int] = []
    for code, url in urls.items():
        change = update(camera).where(camera.c.code == code, camera.c.url != url).values(url=url).returning(camera.c.id)
        moved += (await session.execute(change)).scalars()
    return moved
