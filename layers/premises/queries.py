"""Every question about premises: what is known at a place or address, writing it down, ending it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, text, update

from layers.areas.queries import seen_by
from layers.database import Session
from layers.incidents.table import incident
from layers.near import around, away_m, in_box, in_reach, point
from layers.premises.rows import STATE
from layers.premises.schema import Known, NewNote, Note
from layers.premises.table import premises_note
from layers.values import LonLat
from layers.viewer import Viewer

_c = premises_note.c
_READ = ("id", "kind", "text", "address", "made_by", "made_at", "until", "ended_at")


async def of_incident(
    session: Session, viewer: Viewer, incident_id: int, place: LonLat, *, radius_m: float, days: float, limit: int = 100
) -> list[Note]:
    """Return what is known within `radius_m` metres of an incident, or at its address, what stands first.

    What stood before follows, newest first, where it ended within `days` days.
    """
    since = datetime.now(UTC) - timedelta(days=days)
    same = select(incident.c.address_key).where(incident.c.id == incident_id).scalar_subquery()
    near = in_box(_c.geom) & in_reach(away_m(_c.geom))
    ended = func.coalesce(_c.ended_at, _c.until)
    asked = (
        _notes(viewer)
        .add_columns(away_m(_c.geom).label("distance_m"))
        .where(or_(near, _c.address_key == same), or_(STATE == "standing", ended >= since))
        .order_by((STATE == "standing").desc(), _c.made_at.desc(), _c.id.desc())
        .limit(limit)
    )
    return [_note(row, row.distance_m) for row in await session.execute(asked, around(place, radius_m))]


async def of_crew(session: Session, incident_id: int, *, radius_m: float) -> list[Known]:
    """Return the hazards, then the notes, that stand within `radius_m` metres of an incident or at its address.

    Of one that the crew whose scope this visit entered is bound to; of any other the store tells nothing.
    """
    asked = text("SELECT kind, text FROM premises_of_crew(:incident, :radius_m)")
    rows = await session.execute(asked, {"incident": incident_id, "radius_m": radius_m})
    return [Known(kind=row.kind, text=row.text) for row in rows]


async def find(session: Session, viewer: Viewer, note_id: int) -> Note | None:
    """Return one, None where there is none that the viewer sees."""
    row = (await session.execute(_notes(viewer).where(_c.id == note_id))).one_or_none()
    return None if row is None else _note(row)


async def write(session: Session, new: NewNote) -> int:
    """Write one down and return its id.

    Raises psycopg's InsufficientPrivilege where its place is not at or below the area entered.
    """
    names = ("kind", "text", "address", "made_by", "until")
    row = {name: getattr(new, name) for name in names} | {"geom": point(new.place)}
    return int((await session.execute(insert(premises_note).values(row).returning(_c.id))).scalar_one())


async def end(session: Session, note_id: int, who: str) -> bool:
    """End one that stands; False where there is none of that id that the scope may end."""
    ended = update(premises_note).where(_c.id == note_id, STATE == "standing")
    return (await session.execute(ended.values(ended_at=func.now(), ended_by=who))).rowcount > 0


def _notes(viewer: Viewer) -> Select[Any]:
    lon, lat = func.ST_X(_c.geom).label("lon"), func.ST_Y(_c.geom).label("lat")
    columns = (*(_c[name] for name in _READ), lon, lat, STATE.label("state"))
    return select(*columns).where(seen_by(viewer, _c.area_id))


def _note(row: Row[Any], distance_m: float = 0.0) -> Note:
    told = {name: getattr(row, name) for name in _READ}
    place = LonLat(lon=row.lon, lat=row.lat)
    return Note(**told, place=place, standing=row.state == "standing", distance_m=distance_m)
