"""How cameras fare: written by the shard that runs them, read by who looks after them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, bindparam, func, select, update
from sqlalchemy.dialects import postgresql

from layers.areas.queries import seen_by
from layers.asking import ask
from layers.cameras.reasons import Reason, read
from layers.cameras.table import camera, camera_health
from layers.database import Session
from layers.values import Title
from layers.viewer import Viewer, built_once


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraHealth:
    """How a camera's way through the pipeline fares: counts since its shard took it, smoothed milliseconds.

    `active`: every frame is decoded, not key frames alone. `skew_s`: how far its own clock is ahead of ours.
    """

    camera_id: int
    at: datetime
    shard: str
    active: bool
    frames: int
    dropped: int
    detections: int
    faults: int
    reconnects: int
    gate_ms: float | None
    detector_ms: float | None
    skew_s: float | None
    codec: str | None
    width_px: int | None
    height_px: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faring:
    """A camera with its state and its health; None where no shard has told of it."""

    id: int
    code: str
    name: Title
    kind: str
    enabled: bool
    life_safety: bool
    state: str
    why: tuple[Reason, ...]
    last_frame_at: datetime | None
    fps: float | None
    health: CameraHealth | None
    onvif_fault: str | None = None  # why its ONVIF does not answer as it should


_NAMES = [one.name for one in fields(CameraHealth)]
_told = func.unnest(
    *(bindparam(name, type_=ARRAY(camera_health.c[name].type)) for name in _NAMES)
).table_valued(*_NAMES, name="told").render_derived()  # fmt: skip
_insert = postgresql.insert(camera_health).from_select(
    _NAMES, select(*_told.c).select_from(_told.join(camera, camera.c.id == _told.c.camera_id))
)
_WRITE = _insert.on_conflict_do_update(
    index_elements=["camera_id"],
    set_={
        **{name: _insert.excluded[name] for name in _NAMES if name not in ("camera_id", "skew_s")},
        "skew_s": func.coalesce(_insert.excluded.skew_s, camera_health.c.skew_s),  # ONVIF may have told it
    },
)

_POSE = ("height_m", "heading_deg", "tilt_deg", "hfov_deg")
_TAKE_SIZES = (
    update(camera)
    .values(width_px=camera_health.c.width_px, height_px=camera_health.c.height_px)
    .where(
        camera.c.id == camera_health.c.camera_id,
        camera.c.id == func.any(bindparam("ids", type_=ARRAY(BigInteger))),
        camera.c.width_px.is_(None),
        camera.c.height_px.is_(None),
        *(camera.c[name].is_not(None) for name in _POSE),
        camera_health.c.width_px.is_not(None),
    )
)


async def write(session: Session, rows: Sequence[CameraHealth]) -> None:
    """Write how cameras fare, in place of what was told before; a camera that is gone is passed over."""
    if rows:
        ordered = sorted(rows, key=lambda row: row.camera_id)
        columns = zip(*(astuple(row) for row in ordered), strict=True)
        await session.execute(_WRITE, {name: list(column) for name, column in zip(_NAMES, columns, strict=True)})


async def take_sizes(session: Session, camera_ids: Sequence[int]) -> None:
    """Give cameras of a told pose and no size of their picture the size that is seen: now they place what they see.

    A size that stands is left alone: zones and control points are drawn in it.
    """
    await ask(session, _TAKE_SIZES, {"ids": list(camera_ids)})


async def of_all(session: Session, viewer: Viewer, *, only: int | None = None) -> list[Faring]:
    """Return how every camera fares that the viewer sees, by code; of one alone where its id is given."""
    return [_faring(row) for row in await ask(session, _asked(viewer), {"only": only})]


@built_once
def _asked(viewer: Viewer) -> Select[Any]:
    names = ("name_kk", "name_ru", "name_en")
    how = ("kind", "enabled", "life_safety", "state", "state_why", "last_frame_at", "fps", "onvif_fault")
    plain = [camera.c[name] for name in ("id", "code", *names, *how)]
    told = [camera_health.c[name].label(f"health_{name}") for name in _NAMES]
    asked = select(*plain, *told).select_from(camera.outerjoin(camera_health))
    only = bindparam("only", type_=BigInteger)
    wanted = only.is_(None) | (camera.c.id == only)
    return asked.where(wanted, seen_by(viewer, camera.c.area_id)).order_by(camera.c.code)


def _faring(row: Any) -> Faring:
    told = {name: getattr(row, f"health_{name}") for name in _NAMES}
    return Faring(
        id=row.id,
        code=row.code,
        name=Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en),
        kind=row.kind,
        enabled=row.enabled,
        life_safety=row.life_safety,
        state=row.state,
        why=read(row.state_why),
        last_frame_at=row.last_frame_at,
        fps=row.fps,
        onvif_fault=row.onvif_fault,
        health=None if told["camera_id"] is None else CameraHealth(**told),
    )
