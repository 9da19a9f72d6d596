"""Every question about chains: how they are queued and planned, go on, are held and end."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, insert, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geo_server.notify import escalating
from geo_server.notify.escalating import Chain
from geo_server.notify.schema import Due, Kind, NewNotice, Recipient, State, Step
from geo_server.notify.table import notice, notice_chain
from layers.areas.table import area
from layers.asking import ask
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.table import dispatch, dispatch_entry
from layers.incidents.rules import ENDED as INCIDENT_ENDED
from layers.incidents.table import incident
from layers.locks import AdvisoryLock
from layers.panics.table import panic
from layers.units.table import unit
from layers.values import LonLat, Title

_OPEN = notice_chain.c.state == escalating.State.OPEN.value
_now = func.clock_timestamp()
_due_now = and_(_OPEN, notice_chain.c.due_at <= _now)
_queued_now = and_(notice.c.state == State.QUEUED.value, notice.c.next_at <= _now)
_this_chain = notice_chain.c.id == bindparam("of")
_channels = func.array(select(notice.c.channel).where(_queued_now).distinct().scalar_subquery())
_MAY_LEAD = text("SELECT pg_try_advisory_xact_lock(:lock) AS leads")
_WAITING = select(select(notice_chain.c.id).where(_due_now).exists().label("due"), _channels.label("channels"))
_first_due = select(notice_chain.c.id).where(_due_now).order_by(notice_chain.c.due_at).limit(literal_column("1"))
_NEXT_DUE = _first_due.with_for_update(skip_locked=True)
_HOLD = select(notice_chain.c.id).where(_this_chain).with_for_update()


async def queue(
    session: Session,
    recipients: Iterable[Recipient],
    *,
    kind: Kind,
    priority: int,
    by: str,
    incident_id: int | None = None,
    panic_id: int | None = None,
    message_id: int | None = None,
    alarm: int = 0,
    after_s: float = 0.0,
    steps: Sequence[Step] | None = None,
) -> list[int]:
    """Write a chain for each recipient and return their ids; one that was told the same before gets none.

    It begins after so many seconds. Where no steps are given they are planned then, in a visit that sees the contacts
    above as well.
    """
    rows = [
        {
            "kind": kind,
            "incident_id": incident_id,
            "panic_id": panic_id,
            "message_id": message_id,
            "dispatch_id": to.dispatch_id,
            "to_kind": to.kind,
            "to_id": to.id,
            "to_role": to.role,
            "alarm": alarm,
            "priority": priority,
            "queued_by": by,
            "due_at": func.now() + timedelta(seconds=after_s),
            "steps": None if steps is None else [asdict(step) for step in steps],
        }
        for to in recipients
    ]
    if not rows:
        return []
    written = upsert(notice_chain).values(rows).on_conflict_do_nothing().returning(notice_chain.c.id)
    return [row.id for row in await session.execute(written)]


async def roles_told(session: Session, incident_id: int) -> frozenset[str]:
    """Return the roles that were told of an incident, or of an alarm level of it."""
    told = notice_chain.c
    asked = select(told.to_role).where(told.incident_id == incident_id, told.kind.in_(("incident", "alarm")))
    return frozenset((await session.execute(asked.where(told.to_role.is_not(None)))).scalars())


async def set_steps(session: Session, chain_id: int, steps: Sequence[Step], now: datetime) -> None:
    """Write the steps of a chain that was not planned yet; it is due at once."""
    told = {"steps": [asdict(step) for step in steps], "due_at": now}
    await session.execute(update(notice_chain).where(notice_chain.c.id == chain_id).values(told))


async def may_lead(session: Session) -> bool:
    """Say whether this transaction is the one of all servers that goes on with the chains; until it ends."""
    return bool((await ask(session, _MAY_LEAD, {"lock": AdvisoryLock.NOTICE_CHAINS}))[0].leads)


async def waiting(session: Session) -> tuple[bool, frozenset[str]]:
    """Return whether a chain is due, and the channels for which a notice waits."""
    (row,) = await ask(session, _WAITING)
    return bool(row.due), frozenset(row.channels)


async def next_due(session: Session) -> Due | None:
    """Hold the chain whose time came first and return it, None where none is due."""
    found = await ask(session, _NEXT_DUE)
    return await _due(session, found[0].id) if found else None


async def hold(session: Session, chain_id: int) -> Due | None:
    """Hold one chain and return it, None where the visit's scope shows none."""
    return await _due(session, chain_id) if await ask(session, _HOLD, {"of": chain_id}) else None


async def set_chain(
    session: Session, chain_id: int, to: Chain, *, by: str | None = None, how: str | None = None
) -> None:
    """Write where a chain stands; one that has ended gets its time, by whom and how."""
    values: dict[str, Any] = {"state": to.state.value, "step": to.step, "due_at": to.due_at}
    if to.state is not escalating.State.OPEN:
        values |= {"ended_at": _now, "ended_by": by, "ended_how": how}
    await session.execute(update(notice_chain).where(notice_chain.c.id == chain_id).values(values))


async def begin(session: Session, due: Due, step: int, of: Step, new: NewNotice, *, keep: timedelta) -> int:
    """Write the notice of a step that is taken; return its id."""
    row = {
        "chain_id": due.id,
        "step": step,
        "incident_id": due.incident_id,
        "dispatch_id": due.dispatch_id,
        "priority": due.priority,
        **asdict(of),
        **asdict(new),
        "expires_at": _now + keep,
    }
    return int((await session.execute(insert(notice).values(row).returning(notice.c.id))).scalar_one())


async def answered_elsewhere(session: Session) -> list[tuple[int, str, str, bool]]:
    """Return open chains that need nobody any more: id, who knows, how, and whether the one who was told said so.

    A dispatch that went on was acknowledged, whoever said so and by whatever; one that ended, or an incident that
    did, is told to nobody, and no more is a panic that a dispatcher has heard.
    """
    went_on = [s.value for s in Status if s not in ENDED | {Status.DISPATCHED}] + [Status.CLEAR.value]
    said = (
        select(dispatch_entry.c.who)
        .where(dispatch_entry.c.dispatch_id == dispatch.c.id)
        .order_by(dispatch_entry.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    heard = select(func.max(dispatch_entry.c.received_at)).where(dispatch_entry.c.dispatch_id == dispatch.c.id)
    heard_at = heard.scalar_subquery()
    by_dispatch = (
        select(notice_chain.c.id, func.coalesce(said, "").label("who"), dispatch.c.status)
        .join(dispatch, dispatch.c.id == notice_chain.c.dispatch_id)
        .where(_OPEN, dispatch.c.status != Status.DISPATCHED.value)
        # A crew under way that is told anew has not answered that by what it did before.
        .where(or_(dispatch.c.status.in_([s.value for s in ENDED]), heard_at > notice_chain.c.queued_at))
    )
    found = [
        (row.id, row.who, "status", True) if row.status in went_on else (row.id, "", f"dispatch_{row.status}", False)
        for row in await session.execute(by_dispatch)
    ]
    over = (
        select(notice_chain.c.id)
        .join(incident, incident.c.id == notice_chain.c.incident_id)
        .where(_OPEN, incident.c.state.in_(sorted(state.value for state in INCIDENT_ENDED)))
    )
    earlier = panic.c.heard_before[notice_chain.c.alarm]["by"].astext  # of the press that this chain tells of
    heard = (
        select(notice_chain.c.id, func.coalesce(earlier, panic.c.acknowledged_by).label("acknowledged_by"))
        .join(panic, panic.c.id == notice_chain.c.panic_id)
        .where(_OPEN, or_(panic.c.acknowledged_at.is_not(None), earlier.is_not(None)))
    )
    found += [(row.id, row.acknowledged_by, "panic_heard", False) for row in await session.execute(heard)]
    newer = notice_chain.alias("newer")
    same = and_(newer.c.dispatch_id == notice_chain.c.dispatch_id, newer.c.kind == notice_chain.c.kind)
    followed = select(newer.c.id).where(same, newer.c.id > notice_chain.c.id).exists()
    again = select(notice_chain.c.id).where(_OPEN, followed)
    for how, asked in (("incident_over", over), ("redirected", again)):
        seen = {chain_id for chain_id, *_ in found}
        found += [(row.id, "", how, False) for row in await session.execute(asked) if row.id not in seen]
    return found


async def withdraw_rest(session: Session, chain_id: int) -> None:
    """End what of a chain still waits to be sent: somebody knows, or nobody needs to."""
    rest = update(notice).where(notice.c.chain_id == chain_id, notice.c.state == State.QUEUED.value)
    await session.execute(rest.values(state=State.EXPIRED.value, code="no_longer_needed"))


async def end_read(session: Session, notice_ids: Collection[int]) -> None:
    """End the chains of messages whose notice was read: nobody is asked to say that they know."""
    of = select(notice.c.chain_id).where(notice.c.id.in_(notice_ids))
    read = update(notice_chain).where(notice_chain.c.id.in_(of), notice_chain.c.kind == "message", _OPEN)
    await session.execute(
        read.values(state=escalating.State.ACKNOWLEDGED.value, due_at=None, ended_at=_now, ended_how="page")
    )


async def _due(session: Session, chain_id: int) -> Due:
    (row,) = await ask(session, _asked_due(), {"of": chain_id})
    steps = None if row.steps is None else tuple(Step(**step) for step in row.steps)
    at = Chain(state=escalating.State(row.state), steps=len(steps or ()), step=row.step, due_at=row.due_at)
    return Due(
        id=row.id,
        of=at,
        kind=row.kind,
        steps=steps,
        to_kind=row.to_kind,
        to_id=row.to_id,
        to_role=row.to_role,
        alarm=row.alarm,
        priority=row.priority,
        incident_id=row.incident_id,
        dispatch_id=row.dispatch_id,
        number=row.number,
        category=row.category,
        plan_version_id=row.plan_version_id,
        address=row.address,
        area_id=row.area_id,
        area=None if row.name_kk is None else Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en),
        call_sign=row.call_sign,
        panic_id=row.panic_id,
        told_in=row.told_in,
        place=None if row.lon is None else LonLat(lon=row.lon, lat=row.lat),
    )


@cache
def _asked_due() -> Select[Any]:
    joined = (
        notice_chain.outerjoin(incident, incident.c.id == notice_chain.c.incident_id)
        .outerjoin(panic, panic.c.id == notice_chain.c.panic_id)
        .outerjoin(area, area.c.id == func.coalesce(incident.c.area_id, panic.c.area_id))
        .outerjoin(unit, and_(notice_chain.c.to_kind == "unit", unit.c.id == notice_chain.c.to_id))
    )
    names = (area.c[name] for name in ("name_kk", "name_ru", "name_en"))
    bound = select(dispatch.c.incident_id).where(
        dispatch.c.unit_id == panic.c.unit_id, dispatch.c.status.not_in([s.value for s in ENDED])
    )
    about = (
        incident.c.number,
        incident.c.category,
        incident.c.plan_version_id,
        incident.c.address,
        area.c.id.label("area_id"),
        *names,
        func.coalesce(unit.c.call_sign, panic.c.call_sign).label("call_sign"),
        func.coalesce(notice_chain.c.incident_id, bound.scalar_subquery()).label("told_in"),
        func.ST_X(panic.c.geom).label("lon"),
        func.ST_Y(panic.c.geom).label("lat"),
    )
    return select(notice_chain, *about).select_from(joined).where(_this_chain)
