"""Hanging a camera otherwise: where, how high and where to it looks; what was calibrated before holds no longer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import REAL, cast, func, select, update

from layers.cameras.table import camera, camera_preset
from layers.database import Session
from layers.values import LonLat

GOOD = "good"
_FORGOTTEN: dict[str, Any] = {  # what points in a picture told, which shows something else from now on
    "calibration": "none",
    "calibration_error_m": None,
    "calibrated_at": None,
    "calibrated_by": None,
    "control_points": [],
    "hfov_found": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPose:
    """How a camera, or one of its presets, is to hang: metres above the ground, degrees; an unknown tilt is None."""

    place: LonLat
    height_m: float
    heading_deg: float
    tilt_deg: float | None
    hfov_deg: float
    roll_deg: float


async def would_lose(session: Session, camera_id: int, preset: str | None, new: NewPose) -> list[str | None]:
    """Return whose good calibrations such a pose ends: None the camera's own, else a preset's token.

    A view that is turned loses its own; where the camera is moved or raised all lose theirs.
    """
    moved = await _moves(session, camera_id, new)
    own = select(camera.c.calibration).where(camera.c.id == camera_id)
    views = select(camera_preset.c.token, camera_preset.c.calibration).where(camera_preset.c.camera_id == camera_id)
    states: list[tuple[str | None, str]] = [(None, (await session.execute(own)).scalar_one())]
    states += [(row.token, row.calibration) for row in await session.execute(views.order_by(camera_preset.c.id))]
    return [token for token, state in states if state == GOOD and (moved or token == preset)]


async def hang(session: Session, camera_id: int, preset: str | None, new: NewPose) -> bool:
    """Write it. False where the scope may not: a camera of a granted area, or one that is gone.

    Raises psycopg's InsufficientPrivilege where the new place is not at or below the area entered.
    """
    moved = await _moves(session, camera_id, new)
    view = {name: getattr(new, name) for name in ("heading_deg", "tilt_deg", "hfov_deg", "roll_deg")} | _FORGOTTEN
    at = func.ST_SetSRID(func.ST_MakePoint(new.place.lon, new.place.lat), 4326)
    own: dict[str, Any] = {"geom": at, "height_m": new.height_m}
    if moved:  # the slope of the ground is that of the place it hung at
        await _write_presets(session, camera_id, None, {**_FORGOTTEN, "ground": None})
        own |= {**_FORGOTTEN, "ground": None}
    if preset is not None:
        await _write_presets(session, camera_id, preset, view)
    else:
        own |= {**view, "turned": False}
    written = update(camera).where(camera.c.id == camera_id).values(**own)
    return (await session.execute(written)).rowcount > 0


async def _moves(session: Session, camera_id: int, new: NewPose) -> bool:
    at = func.ST_SetSRID(func.ST_MakePoint(new.place.lon, new.place.lat), 4326)
    here = func.ST_Equals(camera.c.geom, at) & (func.coalesce(camera.c.height_m, -1) == cast(new.height_m, REAL))
    return not (await session.execute(select(here).where(camera.c.id == camera_id))).scalar_one()


async def _write_presets(session: Session, camera_id: int, preset: str | None, values: dict[str, Any]) -> None:
    theirs = update(camera_preset).where(camera_preset.c.camera_id == camera_id)
    some = theirs if preset is None else theirs.where(camera_preset.c.token == preset)
    await session.execute(some.values(**values))
