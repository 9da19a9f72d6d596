"""One camera as people who plan see it: how it hangs, how it looks, what its rules are. Never where its stream is."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from layers.areas.queries import seen_by
from layers.cameras.table import camera
from layers.database import Session
from layers.values import LonLat, Title
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraDetail:
    """A camera: metres, degrees, pixels; rules and masks as they stand in its row."""

    id: int
    code: str
    name: Title
    place: LonLat
    kind: str
    enabled: bool
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    width_px: int | None
    height_px: int | None
    fps_limit: float
    life_safety: bool
    range_m: float
    calibration: str
    calibration_error_m: float | None
    preset: str | None
    moving: bool
    record: str
    retention: str
    state: str
    state_at: datetime | None
    state_reason: str | None
    last_frame_at: datetime | None
    fps: float | None
    rules: list[Any]
    masks: list[Any]


_PLAIN = [one.name for one in fields(CameraDetail) if one.name not in ("name", "place")]


async def find(session: Session, viewer: Viewer, camera_id: int) -> CameraDetail | None:
    """Return a camera that the viewer sees; None where there is none."""
    names = [camera.c[f"name_{language}"] for language in ("kk", "ru", "en")]
    lon, lat = func.ST_X(camera.c.geom).label("lon_"), func.ST_Y(camera.c.geom).label("lat_")
    asked = select(*(camera.c[name] for name in _PLAIN), *names, lon, lat)
    mine = asked.where(camera.c.id == camera_id, seen_by(viewer, camera.c.area_id))
    row = (await session.execute(mine)).one_or_none()
    return None if row is None else _detail(row)


async def write_rules(session: Session, camera_id: int, rules: Sequence[Any], masks: Sequence[Any] | None) -> None:
    """Give a camera other rules, and other masks where there are any."""
    values = {"rules": list(rules)} | ({} if masks is None else {"masks": list(masks)})
    await session.execute(update(camera).where(camera.c.id == camera_id).values(values))


def _detail(row: Any) -> CameraDetail:
    return CameraDetail(
        name=Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en),
        place=LonLat(lon=row.lon_, lat=row.lat_),
        **{name: getattr(row, name) for name in _PLAIN},
    )
