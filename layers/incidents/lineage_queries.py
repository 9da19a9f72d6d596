"""Every question about how incidents hang together: merged, split, linked, moved; what was undone stays written."""

from collections.abc import Collection
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, case, func, insert, or_, select, update

from layers.areas.queries import seen_by
from layers.asking import Reading
from layers.calls import queries as calls
from layers.calls.table import call
from layers.database import Session
from layers.dispatches.table import dispatch
from layers.events.table import event
from layers.incidents.rules import State
from layers.incidents.schema import TIES, Belongings, Link, LinkedIncident, LinkKind, NewLink, Stood
from layers.incidents.table import incident, incident_link, incident_place
from layers.near import point
from layers.values import LonLat
from layers.viewer import Viewer, built_once

_link = incident_link.c


async def belongings(session: Session, incident_id: int) -> Belongings:
    """Return what belongs to an incident, as far as the viewer sees it."""
    found = {}
    for name, table in (("events", event), ("calls", call), ("dispatches", dispatch)):
        asked = select(table.c.id).where(table.c.incident_id == incident_id).order_by(table.c.id)
        found[name] = tuple((await session.execute(asked)).scalars())
    return Belongings(**found)


async def hand_over(session: Session, moved: Belongings, *, from_id: int, to_id: int) -> Belongings:
    """Give what belongs to one incident to another and return what did; a dispatch goes to the other's area."""
    area_id = select(incident.c.area_id).where(incident.c.id == to_id).scalar_subquery()
    theirs = update(dispatch).where(dispatch.c.id.in_(moved.dispatches), dispatch.c.incident_id == from_id)
    sent = await session.execute(theirs.values(incident_id=to_id, area_id=area_id).returning(dispatch.c.id))
    known = update(event).where(event.c.id.in_(moved.events), event.c.incident_id == from_id)
    seen = await session.execute(known.values(incident_id=to_id).returning(event.c.id))
    rung = await calls.move(session, moved.calls, from_id, to_id) if moved.calls else ()
    return Belongings(events=_ids(seen.scalars()), calls=tuple(rung), dispatches=_ids(sent.scalars()))


async def merge(session: Session, incident_id: int, into_id: int) -> None:
    """Write that another incident stands for this one now."""
    ended = {"state": State.MERGED.value, "merged_into_id": into_id, "closed_at": func.now()}
    await session.execute(update(incident).where(incident.c.id == incident_id).values(ended))


async def restore(session: Session, incident_id: int) -> None:
    """Write that an incident stands for itself again, or anew; its dispatches say how far it is.

    What they did before it ended counts no more, unless they are still bound to it.
    """
    anew: dict[str, Any] = {"state": State.PENDING.value, "merged_into_id": None, "closed_at": None, "disposition": []}
    of = update(incident).where(incident.c.id == incident_id)
    at = case((incident.c.merged_into_id.is_(None), func.clock_timestamp()), else_=incident.c.reopened_at)
    await session.execute(of.values(reopened_at=at, **anew))


async def survivor(session: Session, incident_id: int) -> int | None:
    """Return the incident that stands for this one: itself, or the last of those it was merged into.

    None where there is no such incident in the visit's scope, or where that one lies beyond it.
    """
    chain = select(incident.c.id, incident.c.merged_into_id).where(incident.c.id == incident_id)
    up = chain.cte("up", recursive=True)
    up = up.union(select(incident.c.id, incident.c.merged_into_id).where(incident.c.id == up.c.merged_into_id))
    return (await session.execute(select(up.c.id).where(up.c.merged_into_id.is_(None)))).scalar_one_or_none()


async def link(session: Session, new: NewLink) -> int:
    """Write a link and return its id; raises IntegrityError where it stands already, or where there can be one only."""
    row = {**asdict(new), "kind": new.kind.value, "moved": asdict(new.moved)}
    return int((await session.execute(insert(incident_link).values(row).returning(_link.id))).scalar_one())


async def unlink(session: Session, link_ids: Collection[int], who: str) -> None:
    """Write that links stand no more."""
    standing = update(incident_link).where(_link.id.in_(link_ids), _link.ended_at.is_(None))
    await session.execute(standing.values(ended_at=func.clock_timestamp(), ended_by=who))


async def links(session: Session, viewer: Viewer, incident_id: int) -> list[Link]:
    """Return the standing links of an incident that was found for the viewer, to those that they see; newest first."""
    return await asked_links(viewer, incident_id).of(session)


def asked_links(viewer: Viewer, incident_id: int) -> Reading[list[Link]]:
    """Return the reading of an incident's standing links, as `links` tells them."""
    return Reading(
        lambda rows: [_as_seen(row, first=row.incident_id == incident_id) for row in rows],
        ((_links(viewer), {"of": incident_id}),),
    )


@built_once
def _links(viewer: Viewer) -> Select[Any]:
    of = bindparam("of", type_=BigInteger)
    mine = or_(_link.incident_id == of, _link.other_id == of)
    other_id = case((_link.incident_id == of, _link.other_id), else_=_link.incident_id)
    names = (incident.c[name] for name in ("number", "category", "state"))
    asked = (
        select(incident_link, incident.c.id.label("of_id"), *names)
        .join(incident, incident.c.id == other_id)
        .where(mine, _link.ended_at.is_(None), seen_by(viewer, incident.c.area_id, incident.c.id))
    )
    return asked.order_by(_link.id.desc())


async def above(session: Session, incident_id: int) -> set[int]:
    """Return the parents of an incident, theirs, and so on; itself too."""
    own = select(incident.c.id).where(incident.c.id == incident_id).cte("above", recursive=True)
    child = (_link.incident_id == own.c.id, _link.kind == LinkKind.CHILD.value, _link.ended_at.is_(None))
    own = own.union(select(_link.other_id).where(*child))
    return set((await session.execute(select(own.c.id))).scalars())


async def tellings(session: Session, incident_id: int) -> int:
    """Return how often an incident was linked, unlinked or moved: a number that only grows."""
    mine = or_(_link.incident_id == incident_id, _link.other_id == incident_id)
    tied = select(func.count() + func.count(_link.ended_at)).where(mine).scalar_subquery()
    stood = select(func.count()).where(incident_place.c.incident_id == incident_id).scalar_subquery()
    return int((await session.execute(select(tied + stood))).scalar_one())


async def move(
    session: Session, incident_id: int, place: LonLat, *, address: str | None, who: str, reason: str
) -> None:
    """Write a new place; the first one is kept like every later one, and dispatches follow into the new area."""
    has_one = select(incident_place.c.id).where(incident_place.c.incident_id == incident_id).exists()
    first = select(incident.c.id, incident.c.opened_at, incident.c.opened_by, incident.c.address, incident.c.geom)
    first = first.where(incident.c.id == incident_id, ~has_one)
    kept = insert(incident_place).from_select(["incident_id", "at", "who", "address", "geom"], first)
    await session.execute(kept)
    row = {"incident_id": incident_id, "who": who, "address": address, "reason": reason, "geom": point(place)}
    await session.execute(insert(incident_place).values(row))
    there = update(incident).where(incident.c.id == incident_id).values(geom=point(place), address=address)
    await session.execute(there)
    area_id = select(incident.c.area_id).where(incident.c.id == incident_id).scalar_subquery()
    await session.execute(update(dispatch).where(dispatch.c.incident_id == incident_id).values(area_id=area_id))


def asked_places(incident_id: int) -> Reading[list[Stood]]:
    """Return the reading of where an incident was said to be, newest first; none where it never moved."""
    return Reading(lambda rows: [_stood(row) for row in rows], ((_places_of_one(), {"of": incident_id}),))


@cache
def _places_of_one() -> Select[Any]:
    return _places().where(incident_place.c.incident_id == bindparam("of"))


def _stood(row: Row[Any]) -> Stood:
    place = LonLat(lon=row.lon, lat=row.lat)
    return Stood(at=row.at, place=place, address=row.address, who=row.who, reason=row.reason)


def _places() -> Select[Any]:
    stood = incident_place.c
    lon, lat = func.ST_X(stood.geom).label("lon"), func.ST_Y(stood.geom).label("lat")
    return select(stood.at, stood.address, stood.who, stood.reason, lon, lat).order_by(stood.id.desc())


def _as_seen(row: Row[Any], *, first: bool) -> Link:
    here, there = TIES[LinkKind(row.kind)]
    return Link(
        id=row.id,
        other=LinkedIncident(id=row.of_id, number=row.number, category=row.category, state=State(row.state)),
        kind=here if first else there,
        at=row.at,
        who=row.who,
        reason=row.reason,
        moved=Belongings(**{name: tuple(ids) for name, ids in row.moved.items()}),
    )


def _ids(found: Any) -> tuple[int, ...]:
    return tuple(sorted(found))
