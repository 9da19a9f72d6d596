"""Units: where each is, what it does and can do, who rides in it and when, and what is said to it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, status

from geo_server.access.masking import masked_name
from geo_server.access.policy import may
from geo_server.access.visiting import Visiting, permitted
from geo_server.api.crew import message_told
from geo_server.api.models import units as models
from geo_server.api.models.base import Id
from geo_server.api.models.crew import Member as MemberTold
from geo_server.api.models.crew import Message as MessageTold
from geo_server.api.statuses import proposal_told
from geo_server.crews import desk, messaging
from geo_server.crews.desk import Whole
from geo_server.crews.duty import SaidDuty, set_duty
from geo_server.crews.labels import spoken
from layers.database import Session
from layers.units import crew_queries, message_queries
from layers.units import queries as units
from layers.units.schema import Member, Message, Shift, Unit, UnitChange, Unread
from layers.values import Role
from layers.viewer import Viewer

router = APIRouter(prefix="/units", tags=["units"])
Writing = Annotated[Visiting, permitted("units.write")]


@router.get("")
async def every(visiting: Annotated[Visiting, permitted("units.list")]) -> models.Units:
    """Return every unit that is in the account's area, and those at home in it that never said where they are."""
    async with visiting.visit("units") as session:
        found = await units.every(session, visiting.viewer)
        unread = await _unread(session, visiting.viewer)
    told = (_unit(unit, visiting.viewer, unread.get(unit.id)) for unit in found)
    return models.Units(units=[models.Unit.model_validate(one) for one in told])


@router.get("/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("units.read")]) -> models.UnitDetail:
    """Return a unit with its crew, shifts and messages, its duty on record, and what its position proposes."""
    async with visiting.visit("units", id) as session:
        return await _detail(session, visiting.viewer, id)


@router.post("/{id}/duty")
async def duty(
    id: Id, said: models.SaidDuty, visiting: Annotated[Visiting, permitted("units.duty")]
) -> models.UnitDetail:
    """Turn a unit's duty, as its crew said by radio."""
    async with visiting.visit("units", id) as session:
        now = await crew_queries.now(session)
        spoken = SaidDuty(duty=said.duty, at=now, means="dispatcher", reason=said.reason)
        await set_duty(session, visiting.viewer, id, spoken)
        visiting.say(details={"duty": said.duty.value})
        return await _detail(session, visiting.viewer, id)


@router.patch("/{id}")
async def change(id: Id, asked: models.ChangedUnit, visiting: Writing) -> models.UnitDetail:
    """Change what a unit can do, what it carries and how many ride in it; null takes vehicle or radio name away."""
    given: dict[str, Any] = asked.model_dump(exclude_none=True)
    if asked.skills is not None:
        given["skills"] = tuple(dict.fromkeys(asked.skills))
    async with visiting.visit("units", id) as session:
        before = await desk.change(session, visiting.viewer, id, UnitChange(**given, cleared=asked.cleared))
        told = given | dict.fromkeys(asked.cleared)
        visiting.say(details={"asked": told, "was": {name: getattr(before, name) for name in told}})
        return await _detail(session, visiting.viewer, id)


@router.get("/{id}/shifts")
async def shifts(id: Id, visiting: Annotated[Visiting, permitted("units.read")]) -> models.Shifts:
    """Return a unit's shifts: those that run and come, soonest first, then those that are over, newest first."""
    async with visiting.visit("units", id) as session:
        found = await desk.whole(session, visiting.viewer, id)
    return models.Shifts(shifts=[shift_told(one, visiting.viewer) for one in found.shifts])


@router.post("/{id}/shifts", status_code=status.HTTP_201_CREATED)
async def add_shift(id: Id, new: models.NewShift, visiting: Writing) -> models.UnitDetail:
    """Put a shift on the roster; no two of a unit lie over each other."""
    crew = tuple(Member(name=one.name, role=one.role) for one in new.crew)
    async with visiting.visit("units", id) as session:
        made = await desk.add_shift(session, visiting.viewer, id, new.begins_at, new.ends_at, crew)
        visiting.say(details={"shift": made}, personal={f"member_{n}": one.name for n, one in enumerate(crew, 1)})
        return await _detail(session, visiting.viewer, id)


@router.delete("/{id}/shifts/{shift_id}")
async def remove_shift(id: Id, shift_id: Id, visiting: Writing) -> models.UnitDetail:
    """Strike a shift off the roster."""
    async with visiting.visit("units", id) as session:
        await desk.remove_shift(session, visiting.viewer, id, shift_id)
        visiting.say(details={"shift_removed": shift_id})
        return await _detail(session, visiting.viewer, id)


@router.post("/{id}/messages")
async def message(
    id: Id, new: models.NewMessage, visiting: Annotated[Visiting, permitted("units.message")]
) -> models.UnitDetail:
    """Send a message to a crew; it stands on the crew's page, and a push wakes its phones without the words."""
    async with visiting.visit("units", id) as session:
        await messaging.tell(session, visiting.viewer, id, new.text)
        return await _detail(session, visiting.viewer, id)


@router.post("/{id}/messages/read")
async def read(id: Id, said: models.Read, visiting: Annotated[Visiting, permitted("units.hear")]) -> models.UnitDetail:
    """Say that what a crew wrote was read: it waits for nobody any more."""
    async with visiting.visit("units", id) as session:
        new = await messaging.read(session, visiting.viewer, id, said.up_to)
        visiting.say(details={"up_to": said.up_to, "messages": new})
        return await _detail(session, visiting.viewer, id)


async def _detail(session: Session, viewer: Viewer, unit_id: int) -> models.UnitDetail:
    found: Whole = await desk.whole(session, viewer, unit_id)
    shift = found.unit.shift
    unread = await _unread(session, viewer)
    return models.UnitDetail.model_validate(
        {
            **_unit(found.unit, viewer, unread.get(unit_id)),
            "members": [] if shift is None else shift_told(shift, viewer).crew,
            "shifts": [shift_told(one, viewer) for one in found.shifts],
            "messages": await _messages(session, viewer, found.messages),
            "proposals": [proposal_told(one) for one in found.proposals],
            "duties": found.duties,
        },
        from_attributes=True,
    )


async def _messages(session: Session, viewer: Viewer, found: Sequence[Message]) -> list[MessageTold]:
    """Return what crew and desk wrote to each other; nobody else reads it."""
    if not may(viewer.role, "units.message"):
        return []
    states = await messaging.states(session, found)
    return [message_told(one, states[one.id], mine=not one.from_crew) for one in found]


async def _unread(session: Session, viewer: Viewer) -> dict[int, Unread]:
    return await message_queries.unread(session) if may(viewer.role, "units.message") else {}


def _unit(unit: Unit, viewer: Viewer, unread: Unread | None) -> dict[str, Any]:
    label = spoken(unit.task, unit.service, unit.local_status)
    told = {name: getattr(unit, name) for name in models.Unit.model_fields if name not in ("label", "shift", "unread")}
    shift = None if unit.shift is None else shift_told(unit.shift, viewer)
    return {**told, "label": label, "shift": shift, "unread": unread}


def shift_told(shift: Shift, viewer: Viewer) -> models.Shift:
    """Return a shift; who plans reads how many ride, not who they are."""
    whole = viewer.role is not Role.PLANNER
    crew = [MemberTold(name=one.name if whole else masked_name(one.name) or "", role=one.role) for one in shift.crew]
    return models.Shift(id=shift.id, begins_at=shift.begins_at, ends_at=shift.ends_at, crew=crew)
