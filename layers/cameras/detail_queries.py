"""One camera as people who plan see it: how it hangs, how it looks, what its rules are. Never where its stream is."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select, update

from layers.areas.queries import seen_by
from layers.cameras.table import camera, camera_preset
from layers.database import Session
from layers.values import LonLat, Title
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFacts:
    """What a camera's row says of it: metres, degrees, pixels; rules and masks as they stand there."""

    id: int
    code: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraDetail(CameraFacts):
    """A camera, its name, its place, and which version of its rules and masks these are."""

    name: Title
    place: LonLat
    rules_version: str


_PLAIN = [one.name for one in fields(CameraFacts)]


def _version() -> ColumnElement[str]:
    """Tell one state of a camera's rules and masks from another: jsonb says the same thing in the same letters."""
    said = cast(camera.c.rules, Text) + " " + cast(camera.c.masks, Text)
    return func.md5(said, type_=Text())


async def find(session: Session, viewer: Viewer, camera_id: int) -> CameraDetail | None:
    """Return a camera that the viewer sees; None where there is none."""
    names = [camera.c[f"name_{language}"] for language in ("kk", "ru", "en")]
    lon, lat = func.ST_X(camera.c.geom).label("lon_"), func.ST_Y(camera.c.geom).label("lat_")
    asked = select(*(camera.c[name] for name in _PLAIN), *names, lon, lat, _version().label("rules_version"))
    mine = asked.where(camera.c.id == camera_id, seen_by(viewer, camera.c.area_id))
    row = (await session.execute(mine)).one_or_none()
    return None if row is None else _detail(row)


async def presets(session: Session, camera_id: int) -> frozenset[str]:
    """Return the tokens of the views that a camera returns to."""
    asked = select(camera_preset.c.token).where(camera_preset.c.camera_id == camera_id)
    return frozenset((await session.execute(asked)).scalars())


async def write_rules(
    session: Session,
    camera_id: int,
    rules: Sequence[Any],
    masks: Sequence[Any] | None,
    *,
    based_on: str | None = None,
) -> bool:
    """Give a camera other rules, and other masks where there are any.

    False where nothing was written: its rules are another version than they are `based_on`, or the scope may not.
    """
    values = {"rules": list(rules)} | ({} if masks is None else {"masks": list(masks)})
    mine = update(camera).where(camera.c.id == camera_id).values(values)
    given = await session.execute(mine if based_on is None else mine.where(_version() == based_on))
    return bool(given.rowcount)


def _detail(row: Any) -> CameraDetail:
    return CameraDetail(
        name=Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en),
        place=LonLat(lon=row.lon_, lat=row.lat_),
        rules_version=row.rules_version,
        **{name: getattr(row, name) for name in _PLAIN},
    )
