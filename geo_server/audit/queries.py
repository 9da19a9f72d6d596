"""Every question about the audit."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Text, bindparam, func, insert, select, text
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access.table import account
from geo_server.audit.schema import Asked, Checkpoint, Leaf, Told
from geo_server.audit.table import audit, audit_checkpoint, audit_personal
from layers import asking
from layers.areas.scope import enter_whole
from layers.areas.table import area
from layers.database import Session
from layers.locks import AdvisoryLock
from layers.values import Title

_FIELDS = (
    "at", "account_id", "who", "role", "area_id", "operation", "outcome", "code", "layer", "object_id", "purpose",
    "origin", "details", "commitments", "leaf",
)  # fmt: skip
_JSON = ("purpose", "details", "commitments")  # as text: they are mostly empty, and the driver would build each anew
_WRITE = (
    insert(audit)
    .values({name: bindparam(name) for name in _FIELDS} | {n: as_type(bindparam(n, type_=Text), JSONB) for n in _JSON})
    .inline()
)
_WRITE_AND_TELL = _WRITE.returning(audit.c.id)
_HELD = 2_000  # rows that a stream holds in memory at a time


async def write(session: Session, row: dict[str, Any]) -> int:
    """Write an entry with its leaf and return its id."""
    return int((await asking.ask(session, _WRITE_AND_TELL, _told_as_text(row)))[0].id)


def writing(row: dict[str, Any]) -> asking.Asked:
    """Return the act that writes an entry with its leaf."""
    return _WRITE, _told_as_text(row)


def _told_as_text(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: _json(row[name]) for name in _JSON}


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value) if value else "{}"


async def write_personal(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write the personal values of an entry."""
    await session.execute(insert(audit_personal), rows)


async def with_personal(session: Session, *, account_id: int | None, phone: str | None) -> list[int]:
    """Return the ids of entries of that account, or with that number among their personal values, oldest first.

    Two numbers are the same where their last ten digits are: +7 701 234 56 78 is 8 (701) 234-56-78.
    """
    asked = select(audit_personal.c.audit_id).distinct().order_by(audit_personal.c.audit_id)
    if account_id is not None:
        asked = asked.join(audit, audit.c.id == audit_personal.c.audit_id).where(audit.c.account_id == account_id)
    else:
        digits = func.regexp_replace(audit_personal.c.value, r"\D", "", "g")
        wanted = "".join(c for c in phone or "" if c.isdecimal())[-10:]
        asked = asked.where(func.right(digits, 10) == wanted)
    return list((await session.execute(asked)).scalars())


async def erase(session: Session, entries: Sequence[int]) -> int:
    """Erase the personal values of these entries and return how many those were; the store asks for the entry first."""
    asked = text("SELECT erase_personal(CAST(:entries AS bigint[]))")
    return int((await session.execute(asked, {"entries": list(entries)})).scalar_one())


async def search(session: Session, asked: Asked, *, limit: int = 100) -> list[Told]:
    """Return the entries asked for that the scope lets through, newest first."""
    name = [area.c.name_kk, area.c.name_ru, area.c.name_en]
    found = select(audit, *name).outerjoin(area, area.c.id == audit.c.area_id).where(*_wanted(asked))
    rows = await session.execute(found.order_by(audit.c.id.desc()).limit(limit))
    return [_told(row) for row in rows]


async def account_id(session: Session, name: str) -> int | None:
    """Return the id of the account of that name."""
    found: int | None = (await session.execute(select(account.c.id).where(account.c.name == name))).scalar_one_or_none()
    return found


async def may_seal(session: Session) -> bool:
    """Say whether this transaction is the one that seals now."""
    asked = text("SELECT pg_try_advisory_xact_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.SEALING})).scalar_one())


async def horizon(session: Session) -> tuple[int, int]:
    """Return the epoch of the store, and the first transaction in it that may still be under way.

    All before it have ended: what they wrote is seen, and nothing more will come from them.
    """
    asked = text("SELECT audit_epoch(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    epoch, xid = (await session.execute(asked)).one()
    return int(epoch), int(xid)


async def last_checkpoint(session: Session) -> Checkpoint | None:
    """Return the newest checkpoint."""
    asked = select(audit_checkpoint).order_by(audit_checkpoint.c.seq.desc()).limit(1)
    row = (await session.execute(asked)).mappings().one_or_none()
    return None if row is None else _checkpoint(row)


async def checkpoints(session: Session, seqs: Sequence[int]) -> dict[int, Checkpoint]:
    """Return those of these checkpoints that are there, by their numbers."""
    asked = select(audit_checkpoint).where(audit_checkpoint.c.seq.in_(seqs))
    return {row["seq"]: _checkpoint(row) for row in (await session.execute(asked)).mappings()}


async def checkpoints_after(session: Session, seq: int, *, limit: int) -> list[Checkpoint]:
    """Return the checkpoints after that number, in their order."""
    asked = select(audit_checkpoint).where(audit_checkpoint.c.seq > seq).order_by(audit_checkpoint.c.seq).limit(limit)
    return [_checkpoint(row) for row in (await session.execute(asked)).mappings()]


async def write_checkpoint(session: Session, checkpoint: Checkpoint) -> None:
    """Write a checkpoint."""
    await session.execute(insert(audit_checkpoint), asdict(checkpoint))


async def sealed_to(session: Session, epoch: int) -> int:
    """Return the first transaction of an epoch that is not sealed yet."""
    asked = select(func.coalesce(func.max(audit_checkpoint.c.to_xid), 0)).where(audit_checkpoint.c.epoch == epoch)
    return int((await session.execute(asked)).scalar_one())


async def leaves(session: Session, epoch: int, from_xid: int, to_xid: int, *, limit: int | None = None) -> list[Leaf]:
    """Return what was written by the transactions `from_xid` ≤ xid < `to_xid` of an epoch, in the order of sealing."""
    c = audit.c
    asked = select(c.id, c.xid, c.leaf).where(c.epoch == epoch, c.xid >= from_xid, c.xid < to_xid)
    rows = await session.execute(asked.order_by(c.xid, c.id).limit(limit))
    return [Leaf(id=row.id, xid=row.xid, leaf=bytes(row.leaf)) for row in rows]


async def oldest_since(session: Session, epoch: int, xid: int) -> datetime | None:
    """Return when the oldest entry was written that stands at that transaction of the epoch, or later."""
    asked = select(func.min(audit.c.at)).where(audit.c.epoch == epoch, audit.c.xid >= xid)
    at: datetime | None = (await session.execute(asked)).scalar_one()
    return at


async def epochs(session: Session) -> list[int]:
    """Return the epochs that entries were written in; each is one look into the index."""
    asked = text(
        "WITH RECURSIVE found(epoch) AS (SELECT min(epoch) FROM audit UNION ALL"
        " SELECT (SELECT min(epoch) FROM audit WHERE epoch > found.epoch) FROM found WHERE found.epoch IS NOT NULL)"
        " SELECT epoch FROM found WHERE epoch IS NOT NULL"
    )
    return [int(epoch) for epoch in (await session.execute(asked)).scalars()]


async def newest_xid(session: Session, epoch: int) -> int:
    """Return the last transaction of an epoch that wrote an entry; -1 where none did."""
    asked = select(func.coalesce(func.max(audit.c.xid), -1)).where(audit.c.epoch == epoch)
    return int((await session.execute(asked)).scalar_one())


@asynccontextmanager
async def as_it_stands(engine: AsyncEngine) -> AsyncIterator[Session]:
    """One visit that only reads, sees every row, and sees the store as it was at its beginning throughout."""
    async with engine.connect() as session:
        await session.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with session.begin():
            await enter_whole(session)
            yield session


async def every_checkpoint(session: Session) -> AsyncIterator[Checkpoint]:
    """Return all checkpoints in their order, a few at a time in memory."""
    found = await session.stream(
        select(audit_checkpoint).order_by(audit_checkpoint.c.seq), execution_options={"yield_per": _HELD // 10}
    )
    async for row in found.mappings():
        yield _checkpoint(row)


async def every_entry(session: Session, epoch: int) -> AsyncIterator[Mapping[str, Any]]:
    """Return all entries of an epoch as they stand, in the order of sealing, a few at a time in memory."""
    asked = select(audit).where(audit.c.epoch == epoch).order_by(audit.c.xid, audit.c.id)
    found = await session.stream(asked, execution_options={"yield_per": _HELD})
    async for some in found.mappings().partitions():  # row by row each would be a switch of greenlets
        for row in some:
            yield cast("Mapping[str, Any]", row)


async def bent_personal(session: Session, *, limit: int) -> list[tuple[int, str]]:
    """Return entry and field of personal values that are not what the entry committed to."""
    p, hashed = audit_personal.c, func.sha256(audit_personal.c.salt.op("||")(func.convert_to(text("value"), "UTF8")))
    kept = func.coalesce(audit.c.commitments[p.field].astext, "")
    asked = select(p.audit_id, p.field).join(audit, audit.c.id == p.audit_id)
    asked = asked.where(func.encode(hashed, "hex") != kept).order_by(p.audit_id).limit(limit)
    return [(row.audit_id, row.field) for row in await session.execute(asked)]


async def lost_personal(session: Session, *, limit: int) -> list[tuple[int, str]]:
    """Return entry and field of personal values that are gone although no erasure names their entry."""
    asked = text(
        "WITH erased AS (SELECT DISTINCT jsonb_array_elements_text(details -> 'entries')::bigint AS id FROM audit"
        " WHERE operation = 'audit.erase' AND jsonb_typeof(details -> 'entries') = 'array')"
        " SELECT a.id, f.field FROM audit a CROSS JOIN LATERAL jsonb_object_keys(a.commitments) AS f(field)"
        " LEFT JOIN audit_personal p ON p.audit_id = a.id AND p.field = f.field LEFT JOIN erased e ON e.id = a.id"
        " WHERE a.commitments <> '{}' AND p.audit_id IS NULL AND e.id IS NULL ORDER BY a.id, f.field LIMIT :limit"
    )
    return [(row.id, row.field) for row in await session.execute(asked, {"limit": limit})]


def _checkpoint(row: Mapping[Any, Any]) -> Checkpoint:
    told: dict[str, Any] = {name: row[name] for name in Checkpoint.__dataclass_fields__}
    return Checkpoint(**told)


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    c = audit.c
    same = {"who": c.who, "operation": c.operation, "layer": c.layer, "object_id": c.object_id, "outcome": c.outcome}
    wanted = [column == getattr(asked, name) for name, column in same.items() if getattr(asked, name) is not None]
    if asked.since is not None:
        wanted.append(c.at >= asked.since)
    if asked.until is not None:
        wanted.append(c.at < asked.until)
    if asked.after is not None:
        wanted.append(c.id < asked.after)
    return wanted


def _told(row: Any) -> Told:
    same = (
        "id", "at", "who", "role", "area_id", "operation", "outcome", "code",
        "layer", "object_id", "purpose", "origin", "details",
    )  # fmt: skip
    named = row.name_kk is not None
    name = Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en) if named else None
    return Told(area_name=name, **{field: getattr(row, field) for field in same})
