"""Two incidents that are one, one that is two, and those that belong together: by a person's word, and undone by one.

Nothing is lost: events, calls and dispatches go along and the link says which; each timeline stays, and is read under
the incident that stands for it. Incidents are held in the order of their ids, so that no two of these acts wait for
each other.
"""

from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError

from geo_server.errors import Refusal
from geo_server.notify import notices
from geo_server.operations import command, concerning, lifecycle
from geo_server.operations.planning_ahead import opening
from layers.areas import queries as areas
from layers.calls import queries as calls
from layers.changes import ring
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.events import queries as events
from layers.incidents import lineage_queries as lineage
from layers.incidents import queries as incidents
from layers.incidents.rules import State
from layers.incidents.schema import (
    Belongings,
    Caller,
    Incident,
    Link,
    LinkKind,
    NewIncident,
    NewLink,
    Tie,
)
from layers.values import LonLat
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What is taken out of an incident, why, and what is known of the new one better than of the old."""

    what: Belongings
    reason: str
    category: str | None = None
    place: LonLat | None = None
    address: str | None = None


async def merge(session: Session, viewer: Viewer, incident_id: int, into_id: int, reason: str) -> Incident:
    """Let another incident stand for this one and return that one; ring. Merged into it again, nothing changes.

    Raises Refusal: same_incident, no_such_incident, incident_merged, incident_closed, held_above.
    """
    one, into = await _two(session, viewer, incident_id, into_id)
    if one.state is State.MERGED and one.merged_into_id == into_id:
        return into
    await lifecycle.require_open(session, viewer, one)
    await lifecycle.require_open(session, viewer, into)
    theirs = await lineage.belongings(session, incident_id)
    moved = await lineage.hand_over(session, theirs, from_id=incident_id, to_id=into_id)
    await lineage.merge(session, incident_id, into_id)
    await _link(session, viewer, incident_id, into_id, LinkKind.MERGED, reason, moved)
    told = {"reason": reason, **_counted(moved)}
    await incidents.add_entry(session, incident_id, "merged", viewer, {**told, "into": _named(into)})
    await incidents.add_entry(session, into_id, "merged_in", viewer, {**told, "of": _named(one)})
    return await _settled(session, viewer, into, moved, also=[incident_id])


async def unmerge(session: Session, viewer: Viewer, incident_id: int, reason: str) -> Incident:
    """Let a merged incident stand for itself again, with what it brought and what is still there of it; ring.

    Raises Refusal: no_such_incident, not_merged, incident_merged where the one that stands for it is not seen,
    incident_closed where that one has ended, held_above.
    """
    seen = await incidents.find(session, viewer, incident_id)
    if seen is None:
        raise Refusal("no_such_incident", id=incident_id)
    if seen.state is not State.MERGED:
        raise Refusal("not_merged", id=incident_id)
    stands_id = await lineage.survivor(session, incident_id)
    if stands_id is None:
        raise await lifecycle.merged(session, viewer, seen)
    one, stands = await _both(session, viewer, incident_id, stands_id)
    link = await _standing(session, viewer, incident_id, {Tie.REPLACED_BY})
    if link is None or await lineage.survivor(session, incident_id) != stands_id:
        raise Refusal("not_merged", id=incident_id)  # somebody was quicker, and split or merged it meanwhile
    await lifecycle.require_open(session, viewer, stands)
    await command.require(session, viewer, one)
    await lineage.restore(session, incident_id)
    back = await lineage.hand_over(session, link.moved, from_id=stands_id, to_id=incident_id)
    await lineage.unlink(session, [link.id], viewer.name)
    told = {"reason": reason, **_counted(back)}
    await incidents.add_entry(session, incident_id, "unmerged", viewer, {**told, "from": _named(stands)})
    await incidents.add_entry(session, stands_id, "split", viewer, {**told, "into": _named(one)})
    await lifecycle.derive(session, stands_id, stands.state)
    return await _settled(session, viewer, one, back, also=[stands_id], present=State.PENDING)


async def split(session: Session, viewer: Viewer, incident_id: int, apart: Apart) -> Incident:
    """Open an incident with some of another's events, calls and dispatches, and return it; ring.

    Raises Refusal: no_such_incident, incident_closed, incident_merged, held_above, nothing_to_split, not_of_incident
    with the ids, no_such_category, outside_your_area.
    """
    origin = await lifecycle.held(session, viewer, incident_id)
    await lifecycle.require_open(session, viewer, origin)
    await _check(session, incident_id, apart.what)
    new = await _taken_out(session, viewer, origin, apart)
    if not await areas.reaches(session, viewer, new.place):
        raise Refusal("outside_your_area", lon=new.place.lon, lat=new.place.lat)
    new_id = await incidents.open_new(session, new, viewer)
    moved = await lineage.hand_over(session, apart.what, from_id=incident_id, to_id=new_id)
    await _link(session, viewer, new_id, incident_id, LinkKind.SPLIT, apart.reason, moved)
    made = await incidents.find(session, viewer, new_id)
    assert made is not None  # its place is in reach
    told = {"reason": apart.reason, **_counted(moved)}
    await incidents.add_entry(session, incident_id, "split", viewer, {**told, "into": _named(made)})
    await incidents.add_entry(session, new_id, "split_from", viewer, {**told, "of": _named(origin)})
    await lifecycle.derive(session, incident_id, origin.state)
    await concerning.opened(session, viewer, new_id)
    return await _settled(session, viewer, made, moved, also=[incident_id])


async def link(session: Session, viewer: Viewer, incident_id: int, other_id: int, tie: Tie) -> Incident:
    """Link two incidents: the other is a parent, a child, or related; ring. Linked so again, nothing changes.

    Raises Refusal: same_incident, no_such_incident, linked_otherwise, linked_in_circle.
    """
    one, other = await _two(session, viewer, incident_id, other_id)
    links = await lineage.links(session, viewer, incident_id)
    if any(had.other.id == other_id and had.kind is tie for had in links):
        return one
    if any(had.other.id == other_id and had.kind in _BY_HAND for had in links):
        raise Refusal("linked_otherwise", id=incident_id, number=other.number)
    child, parent = (other_id, incident_id) if tie is Tie.CHILD else (incident_id, other_id)
    if tie is Tie.RELATED:
        child, parent = min(child, parent), max(child, parent)
    elif child in await lineage.above(session, parent):
        raise Refusal("linked_in_circle", number=other.number)
    await _link(session, viewer, child, parent, LinkKind.RELATED if tie is Tie.RELATED else LinkKind.CHILD, None)
    return await _tied(session, viewer, one, other, "linked", tie)


async def unlink(session: Session, viewer: Viewer, incident_id: int, other_id: int) -> Incident:
    """Undo the link of two incidents; ring. Merging and splitting are undone otherwise. Undone again, nothing changes.

    Raises Refusal: no_such_incident.
    """
    one, other = await _both(session, viewer, incident_id, other_id)
    mine = [had for had in await lineage.links(session, viewer, incident_id) if had.kind in _BY_HAND]
    standing = next((had for had in mine if had.other.id == other_id), None)
    if standing is None:
        return one
    await lineage.unlink(session, [standing.id], viewer.name)
    return await _tied(session, viewer, one, other, "unlinked", standing.kind)


_BY_HAND = frozenset({Tie.PARENT, Tie.CHILD, Tie.RELATED})
_MIRRORED = {Tie.PARENT: Tie.CHILD, Tie.CHILD: Tie.PARENT, Tie.RELATED: Tie.RELATED}


async def _two(session: Session, viewer: Viewer, one_id: int, other_id: int) -> tuple[Incident, Incident]:
    """Hold two incidents that may not be one; whoever sees them not is told that alone."""
    found = await _both(session, viewer, one_id, other_id)
    if one_id == other_id:
        raise Refusal("same_incident", id=one_id)
    return found


async def _both(session: Session, viewer: Viewer, one_id: int, other_id: int) -> tuple[Incident, Incident]:
    """Hold incidents that the viewer sees."""
    found = await incidents.hold_all(session, viewer, {one_id, other_id})
    for incident_id in (one_id, other_id):
        if incident_id not in found:
            raise Refusal("no_such_incident", id=incident_id)
    return found[one_id], found[other_id]


async def _link(
    session: Session,
    viewer: Viewer,
    incident_id: int,
    other_id: int,
    kind: LinkKind,
    reason: str | None,
    moved: Belongings | None = None,
) -> None:
    new = NewLink(
        incident_id=incident_id,
        other_id=other_id,
        kind=kind,
        who=viewer.name,
        reason=reason,
        moved=moved or Belongings(),
    )
    try:
        await lineage.link(session, new)
    except IntegrityError as error:  # it has another parent, out of this viewer's sight or not
        raise Refusal("has_a_parent", id=incident_id) from error


async def _tied(session: Session, viewer: Viewer, one: Incident, other: Incident, kind: str, tie: Tie) -> Incident:
    await incidents.add_entry(session, one.id, kind, viewer, {"other": _named(other), "kind": tie.value})
    await incidents.add_entry(session, other.id, kind, viewer, {"other": _named(one), "kind": _MIRRORED[tie].value})
    await ring(session, {"incidents": [one.id, other.id]})
    return one


async def _standing(session: Session, viewer: Viewer, incident_id: int, ties: set[Tie]) -> Link | None:
    return next((had for had in await lineage.links(session, viewer, incident_id) if had.kind in ties), None)


async def _settled(
    session: Session,
    viewer: Viewer,
    incident: Incident,
    moved: Belongings,
    *,
    also: list[int],
    present: State | None = None,
) -> Incident:
    """Let an incident's state follow from what it has now, tell the crews that came with it, ring; return it."""
    await lifecycle.derive(session, incident.id, present or incident.state)
    after = await incidents.find(session, viewer, incident.id)
    assert after is not None  # it is held
    sent = await dispatches.by_ids(session, viewer, moved.dispatches) if moved.dispatches else []
    await notices.redirected(session, viewer, after, sent)
    rung = {"events": moved.events, "calls": moved.calls, "dispatches": moved.dispatches}
    rung |= {"units": tuple(one.unit.id for one in sent), "incidents": (incident.id, *also)}
    await ring(session, rung)
    return after


async def _check(session: Session, incident_id: int, what: Belongings) -> None:
    if not what:
        raise Refusal("nothing_to_split", id=incident_id)
    has = await lineage.belongings(session, incident_id)
    strange = {name: sorted(set(ids) - set(getattr(has, name))) for name, ids in asdict(what).items()}
    foreign = {name: ids for name, ids in strange.items() if ids}
    if foreign:
        raise Refusal("not_of_incident", id=incident_id, **foreign)


async def _taken_out(session: Session, viewer: Viewer, origin: Incident, apart: Apart) -> NewIncident:
    """Return what the new incident opens with: what was said, else what its call or event tells, else the old one's.

    One of the same category keeps the version of the plans that it was running under.
    """
    rung = [call for id in apart.what.calls if (call := await calls.find(session, viewer, id))]
    seen = [event for id in apart.what.events if (event := await events.find(session, viewer, id))]
    known = [one.place for one in rung if one.place is not None] + [one.place for one in seen]
    same = apart.category in (None, origin.category)
    opens = None if same or apart.category is None else await opening(session, apart.category)
    caller = next((Caller(name=one.caller_name, phone=one.phone) for one in rung if one.phone or one.caller_name), None)
    return NewIncident(
        category=origin.category if opens is None else opens.category,
        priority=origin.priority if opens is None else opens.priority,
        priority_said=origin.priority_said if opens is None else opens.priority_said,
        urgency=origin.urgency if opens is None else opens.urgency,
        plan_version_id=origin.plan_version_id if opens is None else opens.plan_version_id,
        place=apart.place or next(iter(known), origin.place),
        opened_by=viewer.name,
        description=next((one.said[:4000] for one in rung if one.said), ""),
        address=apart.address or next((one.address for one in rung if one.address), None),
        caller=caller,
    )


def _counted(moved: Belongings) -> dict[str, object]:
    return {name: list(ids) for name, ids in asdict(moved).items() if ids}


def _named(incident: Incident) -> dict[str, object]:
    return {"id": incident.id, "number": incident.number}
