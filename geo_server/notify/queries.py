"""Who was told of what, as people read it; chains, notices on their way, channels and phones have their own files."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, and_, case, func, select

from geo_server.notify.escalating import State as ChainState
from geo_server.notify.schema import Notice, State, Step, Told
from geo_server.notify.table import notice, notice_chain
from layers.database import Session

_NOTICE = tuple(Notice.__dataclass_fields__)


async def find(session: Session, notice_id: int) -> Notice | None:
    """Return one notice, None where the visit's scope shows none."""
    row = (await session.execute(_notices().where(notice.c.id == notice_id))).one_or_none()
    return None if row is None else _notice(row)


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


async def of_unit(session: Session, unit_id: int, *, limit: int = 50) -> list[Notice]:
    """Return the notices on a unit's own page, the newest first."""
    mine = and_(notice.c.to_kind == "unit", notice.c.to_id == unit_id)
    return [
        _notice(row) for row in await session.execute(_notices().where(mine).order_by(notice.c.id.desc()).limit(limit))
    ]


async def of_messages(
    session: Session, message_ids: Collection[int]
) -> dict[int, Literal["sent", "delivered", "expired"]]:
    """Return how far the notices of a desk's messages came, by message: an arrival counts, also one too late."""
    arrived = func.bool_or(notice.c.delivered_at.is_not(None))
    knows = func.bool_or(notice_chain.c.state == ChainState.ACKNOWLEDGED.value)
    ended = func.bool_and(notice_chain.c.state == ChainState.EXPIRED.value)
    far = case((arrived | knows, "delivered"), (ended, "expired"), else_="sent")
    asked = select(notice_chain.c.message_id, far.label("far")).outerjoin(
        notice, notice.c.chain_id == notice_chain.c.id
    )
    mine = asked.where(notice_chain.c.message_id.in_(message_ids)).group_by(notice_chain.c.message_id)
    return {row.message_id: row.far for row in await session.execute(mine)} if message_ids else {}


async def unknown_since(session: Session, dispatch_id: int, since: datetime) -> Notice | None:
    """Return the newest notice of a dispatch on its unit's own page that was told since then and nobody acknowledged.

    One that ran out unanswered still waits: the crew may read it now.
    """
    told = _notices().join(notice_chain, notice_chain.c.id == notice.c.chain_id)
    unanswered = notice_chain.c.ended_how.is_(None) | (notice_chain.c.ended_how == "unanswered")
    waits = notice_chain.c.kind == "dispatch", unanswered, notice_chain.c.queued_at >= since
    mine = told.where(*waits, notice.c.dispatch_id == dispatch_id, notice.c.to_kind == "unit")
    row = (await session.execute(mine.order_by(notice.c.id.desc()).limit(1))).one_or_none()
    return None if row is None else _notice(row)


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
