"""Every question about how cameras are calibrated: reading it, writing it, and the picture that it is done in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from layers.areas.queries import seen_by
from layers.cameras.optics import Optics
from layers.cameras.table import camera, camera_preset, camera_snapshot
from layers.database import Session
from layers.values import LonLat, Title
from layers.viewer import Viewer

_POSE = ("heading_deg", "tilt_deg", "hfov_deg")
_OPTICS = ("height_m", "roll_deg", "width_px", "height_px", "distortion", "ground", "range_m", "hfov_found", *_POSE,
           "control_points")  # fmt: skip
_OF_VIEW = ("roll_deg", "distortion", "ground", "hfov_found")  # a preset's own, from its first calibration on
_STATE = ("calibration", "calibration_error_m", "calibrated_at", "calibrated_by")
_NAMES = ("name_kk", "name_ru", "name_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """What is stored of one view of a camera, and who calibrated it when; `error_m` is the median of its residuals."""

    optics: Optics
    state: str
    error_m: float | None
    at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetView:
    """A view that a PTZ camera returns to."""

    token: str
    name: Title
    calibrated: Calibrated


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedCamera:
    """A camera with how it is calibrated, as it hangs and at each of its presets, and where it stands now."""

    id: int
    code: str
    name: Title
    kind: str
    preset: str | None
    moving: bool
    turned: bool
    calibrated: Calibrated
    presets: tuple[PresetView, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraBrief:
    """A camera in a list, and the state of its calibration."""

    id: int
    code: str
    name: Title
    kind: str
    state: str
    calibration: str
    error_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCalibration:
    """What is to be stored: the pose found or said, the points it rests on, how far off they are, and who says so."""

    optics: Optics
    error_m: float | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One picture of a camera, JPEG, and when it was taken; `preset`: whose masks are burnt in, of one that turns."""

    at: datetime
    jpeg: bytes
    width_px: int
    height_px: int
    preset: str | None = None


async def every(session: Session, viewer: Viewer) -> list[CameraBrief]:
    """Return the cameras that the viewer sees, by code."""
    plain = ("id", "code", "kind", "state", "calibration")
    columns = (camera.c[name] for name in (*plain, *_NAMES, "calibration_error_m"))
    found = await session.execute(select(*columns).where(seen_by(viewer, camera.c.area_id)).order_by(camera.c.code))
    return [
        CameraBrief(**{name: getattr(row, name) for name in plain}, name=_title(row), error_m=row.calibration_error_m)
        for row in found
    ]


async def find(session: Session, viewer: Viewer, camera_id: int) -> CalibratedCamera | None:
    """Return a camera with its calibrations; None where there is none that the viewer sees."""
    return await _find(session, seen_by(viewer, camera.c.area_id) & (camera.c.id == camera_id))


async def named(session: Session, code: str) -> CalibratedCamera | None:
    """Return a camera by its code, for the shell, which sees them all."""
    return await _find(session, camera.c.code == code)


async def _find(session: Session, which: ColumnElement[bool]) -> CalibratedCamera | None:
    lon, lat = func.ST_X(camera.c.geom).label("lon"), func.ST_Y(camera.c.geom).label("lat")
    columns = (
        camera.c[name] for name in ("id", "code", "kind", "preset", "moving", "turned", *_NAMES, *_OPTICS, *_STATE)
    )
    row = (await session.execute(select(*columns, lon, lat).where(which))).one_or_none()
    if row is None:
        return None
    optics = Optics(place=LonLat(lon=row.lon, lat=row.lat), **{name: getattr(row, name) for name in _OPTICS})
    found = await session.execute(
        select(camera_preset).where(camera_preset.c.camera_id == row.id).order_by(camera_preset.c.id)
    )
    return CalibratedCamera(
        id=row.id,
        code=row.code,
        name=_title(row),
        kind=row.kind,
        preset=row.preset,
        moving=row.moving,
        turned=row.turned,
        calibrated=_calibrated(row, optics),
        presets=tuple(_preset(one, optics) for one in found),
    )


def _preset(row: Any, of_camera: Optics) -> PresetView:
    lens = () if row.calibrated_at is None else _OF_VIEW
    own = {name: getattr(row, name) for name in (*_POSE, "control_points", *lens)}
    return PresetView(token=row.token, name=_title(row), calibrated=_calibrated(row, replace(of_camera, **own)))


def _calibrated(row: Any, optics: Optics) -> Calibrated:
    return Calibrated(
        optics=optics,
        state=row.calibration,
        error_m=row.calibration_error_m,
        at=row.calibrated_at,
        by=row.calibrated_by,
    )


def _title(row: Any) -> Title:
    return Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)


async def write(session: Session, camera_id: int, preset: str | None, new: NewCalibration) -> bool:
    """Store a calibration of a camera, or of one preset of it, and call it good.

    False where the scope may not: a camera of a granted area, or one that is gone.
    """
    optics = new.optics
    judged = {
        "calibration": "good",
        "calibration_error_m": new.error_m,
        "calibrated_at": func.now(),
        "calibrated_by": new.by,
        "control_points": list(optics.control_points),
    }
    pose = {name: getattr(optics, name) for name in (*_POSE, *_OF_VIEW)}
    if preset is not None:
        at_it = (camera_preset.c.camera_id == camera_id) & (camera_preset.c.token == preset)
        write = update(camera_preset).where(at_it).values(**judged, **pose)
        return (await session.execute(write)).rowcount > 0 and await _write_own(session, camera_id, optics)
    changed = update(camera).where(camera.c.id == camera_id).values(**judged, **pose, **_own(optics), turned=False)
    return (await session.execute(changed)).rowcount > 0


async def write_size(session: Session, camera_id: int, width_px: int, height_px: int) -> None:
    """Tell a camera how large the picture is that its points and zones are drawn in."""
    size = {"width_px": width_px, "height_px": height_px}
    await session.execute(update(camera).where(camera.c.id == camera_id).values(**size))


async def _write_own(session: Session, camera_id: int, optics: Optics) -> bool:
    """A preset's pixels are counted, and its height and range measured, as its camera's are."""
    return (await session.execute(update(camera).where(camera.c.id == camera_id).values(**_own(optics)))).rowcount > 0


def _own(optics: Optics) -> dict[str, Any]:
    return {name: getattr(optics, name) for name in ("height_m", "width_px", "height_px", "range_m")}


async def ask_picture(session: Session, camera_id: int, who: str) -> datetime:
    """Ask the west wing for a picture of a camera as it is now; return when that was asked."""
    now = func.clock_timestamp()
    asked = insert(camera_snapshot).values(camera_id=camera_id, asked_by=who)
    again = asked.on_conflict_do_update(index_elements=["camera_id"], set_={"asked_at": now, "asked_by": who})
    at: datetime = (await session.execute(again.returning(camera_snapshot.c.asked_at))).scalar_one()
    return at


async def forget_picture(session: Session, camera_id: int) -> None:
    """Forget the last picture of a camera: its masks are others now, and what they hide stands in it bare."""
    await session.execute(delete(camera_snapshot).where(camera_snapshot.c.camera_id == camera_id))


async def picture(session: Session, camera_id: int) -> Snapshot | None:
    """Return the last picture of a camera that somebody asked for; None where none ever came."""
    c = camera_snapshot.c
    asked = select(c.at, c.jpeg, c.width_px, c.height_px).where(c.camera_id == camera_id, c.at.is_not(None))
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else Snapshot(at=row.at, jpeg=row.jpeg, width_px=row.width_px, height_px=row.height_px)


async def pictures_asked(session: Session, within_s: float) -> list[int]:
    """Return the cameras whose picture was asked for within so many seconds, and has not come since."""
    c = camera_snapshot.c
    lately = c.asked_at > func.now() - func.make_interval(0, 0, 0, 0, 0, 0, within_s)
    found = await session.execute(select(c.camera_id).where(lately, or_(c.at.is_(None), c.at < c.asked_at)))
    return list(found.scalars())


async def keep_pictures(session: Session, taken: Sequence[tuple[int, Snapshot]]) -> None:
    """Write pictures that were asked for, each over the one before."""
    for camera_id, one in taken:
        own = {"at": one.at, "jpeg": one.jpeg, "width_px": one.width_px, "height_px": one.height_px}
        await session.execute(update(camera_snapshot).where(camera_snapshot.c.camera_id == camera_id).values(**own))
