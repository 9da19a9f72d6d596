"""Every question about notices on their way: claimed, tried, taken by a channel, received, acknowledged."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Text, and_, cast, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from geo_server.notify.channel import Later, Message, Never, Outcome, Sent
from geo_server.notify.schema import State
from geo_server.notify.table import notice, notice_attempt, notice_chain
from layers.database import Session
from layers.incidents.table import incident

_now = func.clock_timestamp()


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


def _awaits(channel: str, reference: str) -> Any:
    going = notice.c.state == State.SENT.value
    return and_(going, notice.c.channel == channel, notice.c.awaits.contains([reference]))


def _of(table: Any) -> tuple[Any, Any]:
    return table.c.id, table.c.notice_id


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
