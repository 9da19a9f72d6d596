"""Every question about events; each is asked for somebody, and answers with what they see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Integer, Row, Select, bindparam, func, select, update

from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.asking import Reading
from layers.cameras.masks import HAS_PRIVACY_MASKS
from layers.cameras.table import camera
from layers.database import Session
from layers.events.rules import State
from layers.events.schema import Event, NearbyEvent, Picture, PictureSize, SeenBy
from layers.events.table import event, event_picture
from layers.hotlist.schema import HIT
from layers.incidents.schema import AreaName
from layers.near import around, away_m, in_box, in_reach
from layers.values import Ellipse, LonLat, Title
from layers.viewer import Viewer, built_once

_lon, _lat = func.ST_X(event.c.geom).label("lon"), func.ST_Y(event.c.geom).label("lat")


async def recent(
    session: Session, viewer: Viewer, *, state: State | None = None, limit: int = 100, after: int | None = None
) -> list[Event]:
    """Return events, newest first; `after` is the id of the last one already had."""
    asked = _events(viewer).order_by(event.c.id.desc()).limit(limit)
    if state is not None:
        asked = asked.where(event.c.state == state.value)
    if after is not None:
        asked = asked.where(event.c.id < after)
    return [_event(row) for row in await session.execute(asked)]


async def find(session: Session, viewer: Viewer, event_id: int) -> Event | None:
    """Return one event, None where there is none that the viewer sees."""
    row = (await session.execute(_events(viewer).where(event.c.id == event_id))).one_or_none()
    return None if row is None else _event(row)


async def hold(session: Session, viewer: Viewer, event_id: int) -> Event | None:
    """Return one event and keep others from deciding it until the transaction ends."""
    mine = select(event.c.id).where(event.c.id == event_id, seen_by(viewer, event.c.area_id, event.c.incident_id))
    await session.execute(mine.with_for_update())
    return await find(session, viewer, event_id)


async def of_incident(session: Session, viewer: Viewer, incident_id: int) -> list[Event]:
    """Return the events of an incident, in the order they happened."""
    return await asked_of_incident(viewer, incident_id).of(session)


def asked_of_incident(viewer: Viewer, incident_id: int) -> Reading[list[Event]]:
    """Return the reading of an incident's events, in the order they happened."""
    return Reading(lambda rows: [_event(row) for row in rows], ((_of_incident(viewer), {"of": incident_id}),))


@built_once
def _of_incident(viewer: Viewer) -> Select[Any]:
    return _events(viewer).where(event.c.incident_id == bindparam("of")).order_by(event.c.at, event.c.id)


async def hits(session: Session, viewer: Viewer, entry_id: int, *, limit: int = 50) -> list[Event]:
    """Return where the plate of an entry of the hotlist was read last, newest first."""
    mine = (event.c.kind == HIT) & (event.c.details["entry"].astext == str(entry_id))
    asked = _events(viewer).where(mine).order_by(event.c.at.desc(), event.c.id.desc()).limit(limit)
    return [_event(row) for row in await session.execute(asked)]


async def picture(session: Session, viewer: Viewer, event_id: int) -> Picture | None:
    """Return the picture of an event, None where the viewer sees no such event or it has none."""
    own = seen_by(replace(viewer, also_areas=(), also_incidents=()), camera.c.area_id)
    masks = event_picture.c.masked_jpeg.is_not(None) | func.coalesce(HAS_PRIVACY_MASKS, False)
    asked = select(
        event_picture.c.jpeg,
        event_picture.c.masked_jpeg,
        masks.label("has_privacy_masks"),
        func.coalesce(own, False).label("own"),
    ).select_from(
        event_picture.join(event, event.c.id == event_picture.c.event_id).outerjoin(
            camera, camera.c.id == event.c.camera_id
        )
    )
    seen = asked.where(event.c.id == event_id, seen_by(viewer, event.c.area_id, event.c.incident_id))
    row = (await session.execute(seen)).one_or_none()
    return None if row is None else Picture(**row._mapping)


async def confirm(session: Session, event_id: int, *, who: str, incident_id: int) -> None:
    """Write the yes of a person, and the incident the event belongs to."""
    await _decide(session, event_id, who, {"state": State.CONFIRMED.value, "incident_id": incident_id})


async def reject(session: Session, event_id: int, *, who: str, reason: str) -> None:
    """Write the no of a person with its reason: the archive says why (Almaty 213, art. 23)."""
    await _decide(session, event_id, who, {"state": State.REJECTED.value, "reason": reason})


async def past(
    session: Session, viewer: Viewer, place: LonLat, *, radius_m: float, days: float, limit: int = 100
) -> list[NearbyEvent]:
    """Return the nearest events within `radius_m` metres and `days` days, nearest first."""
    values = {**around(place, radius_m), "since": datetime.now(UTC) - timedelta(days=days), "most": limit}
    return [_nearby(row) for row in await session.execute(_asked_past(viewer), values)]


@lru_cache(maxsize=64)
def _asked_past(viewer: Viewer) -> Select[Any]:
    """Build the question once for each viewer: building it takes longer than the store takes to answer."""
    since, most = bindparam("since", type_=DateTime(timezone=True)), bindparam("most", type_=Integer)
    away = away_m(event.c.geom).label("distance_m")
    asked = select(event.c.id, event.c.kind, event.c.at, event.c.state, _lon, _lat, away)
    near = asked.where(in_box(event.c.geom), in_reach(away_m(event.c.geom)), event.c.at >= since)
    return near.where(seen_by(viewer, event.c.area_id, event.c.incident_id)).order_by(away, event.c.id).limit(most)


async def _decide(session: Session, event_id: int, who: str, values: dict[str, Any]) -> None:
    decided = {"decided_at": func.now(), "decided_by": who, **values}
    await session.execute(update(event).where(event.c.id == event_id).values(decided))


def _events(viewer: Viewer) -> Select[Any]:
    joined = (
        event.join(area, area.c.id == event.c.area_id)
        .outerjoin(camera, camera.c.id == event.c.camera_id)
        .outerjoin(event_picture, event_picture.c.event_id == event.c.id)
    )
    columns = (
        *(column for column in event.c if column.name != "geom"),
        _lon,
        _lat,
        *(area.c[name].label(f"area_{name}") for name in ("name_kk", "name_ru", "name_en")),
        *(camera.c[name].label(f"camera_{name}") for name in ("code", "name_kk", "name_ru", "name_en")),
        *(event_picture.c[name] for name in ("width_px", "height_px", "box")),
    )
    return select(*columns).select_from(joined).where(seen_by(viewer, event.c.area_id, event.c.incident_id))


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        kind=row.kind,
        source=row.source,
        camera=_camera(row),
        at=row.at,
        received_at=row.received_at,
        certainty=row.certainty,
        state=State(row.state),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        place=LonLat(lon=row.lon, lat=row.lat),
        ellipse=_ellipse(row),
        placed_by=row.placed_by,
        area=AreaName(id=row.area_id, name=_title(row, "area")),
        picture=_picture(row),
        incident_id=row.incident_id,
        details=row.details,
    )


def _title(row: Row[Any], of: str) -> Title:
    kk, ru, en = (getattr(row, f"{of}_name_{language}") for language in ("kk", "ru", "en"))
    return Title(kk=kk, ru=ru, en=en)


def _camera(row: Row[Any]) -> SeenBy | None:
    if row.camera_code is None:  # none, or one that stands where the viewer does not see
        return None
    return SeenBy(id=row.camera_id, code=row.camera_code, name=_title(row, "camera"))


def _ellipse(row: Row[Any]) -> Ellipse | None:
    axes = (row.ellipse_major_m, row.ellipse_minor_m, row.ellipse_bearing_deg)
    if any(value is None for value in axes):
        return None
    return Ellipse(major_m=axes[0], minor_m=axes[1], bearing_deg=axes[2])


def _picture(row: Row[Any]) -> PictureSize | None:
    if row.width_px is None:
        return None
    box = None if row.box is None else tuple(row.box)
    return PictureSize(width_px=row.width_px, height_px=row.height_px, box=box)


def _nearby(row: Row[Any]) -> NearbyEvent:
    return NearbyEvent(
        id=row.id,
        kind=row.kind,
        at=row.at,
        state=State(row.state),
        place=LonLat(lon=row.lon, lat=row.lat),
        distance_m=row.distance_m,
    )
