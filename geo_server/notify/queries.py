"""Every question about notices and their chains; contacts have a file of their own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from geo_server.access.table import account
from geo_server.notify import escalating
from geo_server.notify.channel import Later, Message, Never, Outcome, Sent
from geo_server.notify.escalating import Chain
from geo_server.notify.schema import (
    ChannelHealth,
    Due,
    Kind,
    NewNotice,
    Notice,
    Recipient,
    State,
    Step,
    Subscription,
    Told,
)
from geo_server.notify.table import notice, notice_attempt, notice_chain, notice_channel, push_subscription
from layers.areas.table import area
from layers.asking import ask
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.table import dispatch, dispatch_entry
from layers.incidents.rules import ENDED as INCIDENT_ENDED
from layers.incidents.table import incident
from layers.panics.table import panic
from layers.units.table import unit
from layers.values import LonLat, Title

_LEAD = 7_126_012  # the advisory lock of the one server that goes on with the chains
_OPEN = notice_chain.c.state == escalating.State.OPEN.value
_NOTICE = tuple(Notice.__dataclass_fields__)
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


# ── queueing ──


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


async def set_steps(session: Session, chain_id: int, steps: Sequence[Step], now: datetime) -> None:
    """Write the steps of a chain that was not planned yet; it is due at once."""
    told = {"steps": [asdict(step) for step in steps], "due_at": now}
    await session.execute(update(notice_chain).where(notice_chain.c.id == chain_id).values(told))


# ── going on ──


async def may_lead(session: Session) -> bool:
    """Say whether this transaction is the one of all servers that goes on with the chains; until it ends."""
    return bool((await ask(session, _MAY_LEAD, {"lock": _LEAD}))[0].leads)


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
    heard = (
        select(notice_chain.c.id, panic.c.acknowledged_by)
        .join(panic, panic.c.id == notice_chain.c.panic_id)
        .where(_OPEN, panic.c.acknowledged_at.is_not(None))
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


# ── delivering ──


async def claim(session: Session, channel: str, *, limit: int, lease: timedelta) -> list[tuple[Message, int, int]]:
    """Take notices of a channel to be tried now, the most urgent first: each with its attempt's id and their number.

    Until the lease is over nobody else takes them; a server that stops in between leaves them to the next.
    """
    waiting = and_(notice.c.state == State.QUEUED.value, notice.c.next_at <= _now, notice.c.channel == channel)
    mine = select(notice.c.id).where(waiting).order_by(notice.c.priority, notice.c.next_at).limit(limit)
    taken = mine.with_for_update(skip_locked=True).cte("taken")
    held = (
        update(notice)
        .where(notice.c.id.in_(select(taken.c.id)))
        .values(attempts=notice.c.attempts + 1, next_at=_now + lease)
        .returning(notice.c.id)
    )
    ids = [row.id for row in await session.execute(held)]
    if not ids:
        return []
    tries = insert(notice_attempt).values([{"notice_id": one} for one in ids])
    tried = {row.notice_id: row.id for row in await session.execute(tries.returning(*_of(notice_attempt)))}
    asked = (
        select(notice, notice_chain.c.kind, incident.c.number, incident.c.category)
        .join(notice_chain, notice_chain.c.id == notice.c.chain_id)
        .outerjoin(incident, incident.c.id == notice.c.incident_id)
        .where(notice.c.id.in_(ids))
        .order_by(notice.c.priority, notice.c.id)
    )
    return [(_message(row), tried[row.id], row.attempts) for row in await session.execute(asked)]


async def chain_of(session: Session, notice_id: int) -> int | None:
    """Return the chain of a notice, None where the visit's scope shows none."""
    return (await session.execute(select(notice.c.chain_id).where(notice.c.id == notice_id))).scalar_one_or_none()


async def find(session: Session, notice_id: int) -> Notice | None:
    """Return one notice, None where the visit's scope shows none."""
    row = (await session.execute(_notices().where(notice.c.id == notice_id))).one_or_none()
    return None if row is None else _notice(row)


async def end_attempt(session: Session, attempt_id: int, outcome: Outcome) -> None:
    """Write how an attempt ended."""
    word = {Sent: "sent", Later: "later", Never: "never"}[type(outcome)]
    ended = update(notice_attempt).where(notice_attempt.c.id == attempt_id)
    await session.execute(ended.values(ended_at=_now, outcome=word, code=outcome.code))


async def set_sent(session: Session, notice_id: int, sent: Sent) -> bool:
    """Write that a channel took a notice; False where it was ended meanwhile."""
    values = {"sent_at": _now, "awaits": list(sent.awaits), "parts": sent.parts, "cut": sent.cut, "code": sent.code}
    # One that the crew read on its page in the meantime stays read.
    taken = update(notice).where(notice.c.id == notice_id, notice.c.state == State.QUEUED.value)
    return bool((await session.execute(taken.values(state=State.SENT.value, **values))).rowcount)


async def set_later(session: Session, notice_id: int, code: str, wait: timedelta) -> None:
    """Write when a notice is tried again, and why it was not sent."""
    waits = update(notice).where(notice.c.id == notice_id, notice.c.state == State.QUEUED.value)
    await session.execute(waits.values(next_at=_now + wait, code=code))


async def set_ended(session: Session, notice_id: int, state: State, code: str) -> bool:
    """Write that a notice will not arrive; False where it has arrived or ended already."""
    going = [State.QUEUED.value, State.SENT.value]
    ended = update(notice).where(notice.c.id == notice_id, notice.c.state.in_(going))
    return bool((await session.execute(ended.values(state=state.value, code=code, awaits=[]))).rowcount)


async def awaiting(session: Session, channel: str, reference: str) -> int | None:
    """Return the notice that waits for a receipt of this number, the newest where a gateway gave it twice."""
    mine = select(notice.c.id).where(_awaits(channel, reference)).order_by(notice.c.id.desc()).limit(1)
    return (await session.execute(mine)).scalar_one_or_none()


async def receive(session: Session, notice_id: int, reference: str) -> bool | None:
    """Take the receipt of one part of a notice: whether nothing more is awaited; None where it did not wait for it."""
    rest = func.array_remove(notice.c.awaits, cast(literal(reference), Text), type_=ARRAY(Text))
    waits = and_(notice.c.id == notice_id, notice.c.awaits.contains([reference]))
    row = (
        await session.execute(update(notice).where(waits).values(awaits=rest).returning(notice.c.awaits))
    ).one_or_none()
    return None if row is None else not row.awaits


async def set_delivered(session: Session, ids: Collection[int]) -> list[int]:
    """Write that notices have arrived; return those of which that is news."""
    going = [State.QUEUED.value, State.SENT.value]
    new = update(notice).where(notice.c.id.in_(ids), notice.c.state.in_(going)).returning(notice.c.id)
    values = {"state": State.DELIVERED.value, "delivered_at": _now, "sent_at": func.coalesce(notice.c.sent_at, _now)}
    return [row.id for row in await session.execute(new.values(values))]


async def set_acknowledged(session: Session, notice_id: int, *, by: str, means: str) -> None:
    """Write who acknowledged a notice and by what means; the first one stays."""
    first = update(notice).where(notice.c.id == notice_id, notice.c.acknowledged_at.is_(None))
    values = {"state": State.ACKNOWLEDGED.value, "acknowledged_at": _now, "awaits": []}
    await session.execute(first.values(**values, acknowledged_by=by, acknowledged_means=means))


async def withdraw_rest(session: Session, chain_id: int) -> None:
    """End what of a chain still waits to be sent: somebody knows, or nobody needs to."""
    rest = update(notice).where(notice.c.chain_id == chain_id, notice.c.state == State.QUEUED.value)
    await session.execute(rest.values(state=State.EXPIRED.value, code="no_longer_needed"))


# ── reading ──


async def told_of_incident(session: Session, incident_id: int) -> list[Told]:
    """Return who was and is to be told of an incident, the newest first."""
    return await _told(session, notice_chain.c.incident_id == incident_id)


async def told_of_panics(session: Session, panic_ids: Collection[int]) -> dict[int, list[Told]]:
    """Return who was and is to be told of each of these panics, the newest first."""
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for one in await _told(session, notice_chain.c.panic_id.in_(panic_ids), limit=None) if panic_ids else ():
        found[one.panic_id or 0].append(one)
    return found


async def told_to_contact(session: Session, contact_id: int, *, limit: int = 20) -> list[Told]:
    """Return the last tests of a contact, the newest first."""
    mine = and_(notice_chain.c.kind == "test", notice_chain.c.to_id == contact_id)
    return (await _told(session, mine, limit=limit))[:limit]


async def told_one(session: Session, chain_id: int) -> Told | None:
    """Return one chain with its notices."""
    found = await _told(session, notice_chain.c.id == chain_id)
    return found[0] if found else None


async def end_read(session: Session, notice_ids: Collection[int]) -> None:
    """End the chains of messages whose notice was read: nobody is asked to say that they know."""
    of = select(notice.c.chain_id).where(notice.c.id.in_(notice_ids))
    read = update(notice_chain).where(notice_chain.c.id.in_(of), notice_chain.c.kind == "message", _OPEN)
    await session.execute(
        read.values(state=escalating.State.ACKNOWLEDGED.value, due_at=None, ended_at=_now, ended_how="page")
    )


async def of_unit(session: Session, unit_id: int, *, limit: int = 50) -> list[Notice]:
    """Return the notices on a unit's own page, the newest first."""
    mine = and_(notice.c.to_kind == "unit", notice.c.to_id == unit_id)
    return [
        _notice(row) for row in await session.execute(_notices().where(mine).order_by(notice.c.id.desc()).limit(limit))
    ]


# ── channels ──


async def health(session: Session) -> dict[str, ChannelHealth]:
    """Return how each channel fared last, by its name."""
    return {row.name: ChannelHealth(**row._mapping) for row in await session.execute(select(notice_channel))}


async def set_health(session: Session, name: str, fault: str | None) -> bool:
    """Write that a channel works, or which fault it has; True where that is news."""
    before = (await session.execute(select(notice_channel).where(notice_channel.c.name == name))).one_or_none()
    now: Mapping[str, Any] = {"failing_since": None, "code": None, "last_ok_at": _now}
    if fault is not None:
        now = {"failing_since": func.coalesce(notice_channel.c.failing_since, _now), "code": fault}
    first = {**now, "failing_since": None if fault is None else _now}
    written = upsert(notice_channel).values(name=name, **first)
    await session.execute(written.on_conflict_do_update(index_elements=["name"], set_=now))
    return (before is not None and before.failing_since is not None) != (fault is not None)


# ── phones ──


async def subscribe(session: Session, account_id: int, endpoint: str, p256dh: bytes, auth: bytes) -> int:
    """Write a phone down; one that comes again, with another account as well, is the same phone with new keys."""
    row = {"account_id": account_id, "p256dh": p256dh, "auth": auth}
    written = upsert(push_subscription).values(endpoint=endpoint, **row)
    again = written.on_conflict_do_update(index_elements=["endpoint"], set_=row)
    return int((await session.execute(again.returning(push_subscription.c.id))).scalar_one())


async def unsubscribe(session: Session, account_id: int, endpoint: str) -> None:
    """Forget a phone of an account."""
    of = and_(push_subscription.c.account_id == account_id, push_subscription.c.endpoint == endpoint)
    await session.execute(delete(push_subscription).where(of))


async def subscriptions_of_unit(session: Session, unit_id: int) -> list[Subscription]:
    """Return the phones of a unit's crew: those of the enabled accounts that are bound to it now."""
    phone = push_subscription.c
    asked = select(phone.id, phone.endpoint, phone.p256dh, phone.auth).join(account, account.c.id == phone.account_id)
    mine = and_(literal_column("account.unit_id") == unit_id, account.c.enabled)
    return [Subscription(**row._mapping) for row in await session.execute(asked.where(mine).order_by(phone.id))]


async def remember_pushes(session: Session, *, taken: Collection[int], gone: Collection[int]) -> None:
    """Write which phones were woken, and forget those that have unsubscribed."""
    phone = push_subscription.c
    await session.execute(update(push_subscription).where(phone.id.in_(taken)).values(last_ok_at=_now))
    await session.execute(delete(push_subscription).where(phone.id.in_(gone)))


# ── shapes ──


def _awaits(channel: str, reference: str) -> Any:
    going = notice.c.state == State.SENT.value
    return and_(going, notice.c.channel == channel, notice.c.awaits.contains([reference]))


def _of(table: Any) -> tuple[Any, Any]:
    return table.c.id, table.c.notice_id


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


def _message(row: Row[Any]) -> Message:
    return Message(
        notice_id=row.id,
        to_id=row.to_id,
        kind=row.kind,
        address=row.address,
        secret_round=row.secret_round,
        language=row.language,
        subject=row.subject,
        body=row.body,
        short=row.short,
        priority=row.priority,
        number=row.number,
        category=row.category,
        queued_at=row.queued_at,
        expires_at=row.expires_at,
    )


def _notices() -> Select[Any]:
    return select(*(notice.c[name] for name in _NOTICE))


def _notice(row: Row[Any]) -> Notice:
    return Notice(**{**row._mapping, "state": State(row.state)})


async def _told(session: Session, which: Any, *, limit: int | None = 200) -> list[Told]:
    chains = (
        await session.execute(select(notice_chain).where(which).order_by(notice_chain.c.id.desc()).limit(limit))
    ).all()
    taken: defaultdict[int, list[Notice]] = defaultdict(list)
    asked = _notices().where(notice.c.chain_id.in_([row.id for row in chains])).order_by(notice.c.step)
    for row in await session.execute(asked):
        taken[row.chain_id].append(_notice(row))
    return [_one(row, taken[row.id]) for row in chains]


def _one(row: Row[Any], notices: Sequence[Notice]) -> Told:
    plain = {name: getattr(row, name) for name in Told.__dataclass_fields__ if name not in ("steps", "notices")}
    steps = None if row.steps is None else tuple(Step(**step) for step in row.steps)
    return Told(**plain, steps=steps, notices=tuple(notices))
