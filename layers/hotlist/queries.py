"""Every question about the hotlist."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, any_, case, cast, func, insert, literal, select, update

from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.cameras.table import camera
from layers.database import Session
from layers.events.table import event
from layers.hotlist.schema import HIT, Entry, NewEntry, Wanted
from layers.hotlist.table import hotlist_entry
from layers.viewer import Viewer

CHANNEL = "qyran_hotlist"  # the west wing alone hears it: nothing on a map changes with the list

_entry = hotlist_entry.c
_STANDING = case(
    (_entry.ended_at.is_not(None), "ended"),
    (_entry.ends_at <= func.now(), "over"),
    (_entry.begins_at > func.now(), "coming"),
    else_="live",
).label("standing")
_PLAIN = [_entry[name] for name in Entry.__dataclass_fields__ if name not in ("standing", "hits")]

# ── the west wing ──


async def live(session: Session) -> list[Wanted]:
    """Return what is looked for now or will be, in all areas; who holds the list minds the times of each."""
    asked = select(*(_entry[name] for name in Wanted.__dataclass_fields__)).where(_stands())
    return [Wanted(**row._mapping) for row in await session.execute(asked.order_by(_entry.id))]


async def camera_areas(session: Session) -> dict[int, frozenset[int]]:
    """Return for each camera the areas that it stands in, its own and all above: an entry of any of them counts."""
    asked = select(camera.c.id, area.c.path).join(area, area.c.id == camera.c.area_id)
    return {row.id: frozenset(row.path) for row in await session.execute(asked)}


# ── who administers ──


async def listed(
    session: Session, viewer: Viewer, *, plate: str | None = None, limit: int = 100, after: int | None = None
) -> list[Entry]:
    """Return the entries of the viewer's area and below, newest first; `plate` finds those that hold these letters."""
    asked = _entries(viewer).order_by(_entry.id.desc()).limit(limit)
    if plate:
        asked = asked.where(_entry.plate.contains(plate, autoescape=True))
    if after is not None:
        asked = asked.where(_entry.id < after)
    return [_told(row) for row in await session.execute(asked)]


async def find(session: Session, viewer: Viewer, entry_id: int) -> Entry | None:
    """Return one entry of the viewer's area or below; None where there is none."""
    row = (await session.execute(_entries(viewer).where(_entry.id == entry_id))).one_or_none()
    return None if row is None else _told(row)


async def add(session: Session, new: Sequence[NewEntry], *, by: str) -> list[int | None]:
    """Write entries and return their ids; None where a plate is looked for there on the same grounds already."""
    stands = select(_entry.plate, _entry.area_id, _entry.legal_basis).where(_stands())
    there = {tuple(row) for row in await session.execute(stands.where(_entry.plate.in_([one.plate for one in new])))}
    ids: list[int | None] = []
    for one in new:
        same = one.plate, one.area_id, one.legal_basis
        ids.append(None if same in there else await _add(session, one, by))
        there.add(same)
    await _ring(session)
    return ids


async def _add(session: Session, new: NewEntry, by: str) -> int:
    values = {name: getattr(new, name) for name in NewEntry.__dataclass_fields__ if name != "begins_at"}
    values |= {"created_by": by, "begins_at": new.begins_at or func.now()}
    made = await session.execute(insert(hotlist_entry).values(values).returning(_entry.id))
    return int(made.scalar_one())


async def end(session: Session, entry_id: int, *, by: str) -> None:
    """End an entry for good; one that was ended before keeps its moment."""
    mine = (_entry.id == entry_id) & _entry.ended_at.is_(None)
    await session.execute(update(hotlist_entry).where(mine).values(ended_at=func.now(), ended_by=by))
    await _ring(session)


async def _ring(session: Session) -> None:
    """Tell whoever holds the list in memory, at the commit; the notification carries nothing."""
    await session.execute(select(func.pg_notify(CHANNEL, "")))


def _stands() -> ColumnElement[bool]:
    return _entry.ended_at.is_(None) & (_entry.ends_at > func.now())


def _entries(viewer: Viewer) -> Select[Any]:
    """Entries are administered at or below the area entered alone, as sources are: a grant hands none over."""
    at_or_above: Any = literal(viewer.area_id) == any_(area.c.path)
    hit = (event.c.kind == HIT) & (event.c.details["entry"].astext == cast(_entry.id, Text))
    seen = seen_by(viewer, event.c.area_id, event.c.incident_id)
    counted = select(func.count()).select_from(event).where(hit, seen).correlate(hotlist_entry)
    asked = select(*_PLAIN, _STANDING, counted.scalar_subquery().label("hits"))
    return asked.where(_entry.area_id.in_(select(area.c.id).where(at_or_above)))


def _told(row: Row[Any]) -> Entry:
    return Entry(**row._mapping)
