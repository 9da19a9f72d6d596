"""The bell: writers ring it inside their transaction, the live hub reads what changed in the order of commits.

The notification carries nothing (any role hears any channel); what changed stands in the table `change`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Integer,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    true,
)

from layers.asking import Asked, ask, ask_each
from layers.database import Last, LastAct, Session, last_acts, metadata
from layers.locks import AdvisoryLock

CHANNEL = "qyran"

change = Table(
    "change",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("layer", Text, nullable=False),
    Column("feature_id", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), server_default=func.now(), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of one layer was written or removed; what it is now is read from the layer."""

    seq: int
    layer: str
    feature_id: int
    at: datetime


# One statement, for whoever rings too waits from here to the commit. The lock comes before the first number is drawn.
_held = select(func.pg_advisory_xact_lock(AdvisoryLock.ROW_ORDER.value), func.pg_notify(CHANNEL, "")).subquery("held")
_told = (
    func.unnest(bindparam("layers", type_=ARRAY(Text)), bindparam("ids", type_=ARRAY(BigInteger)))
    .table_valued("layer", "feature_id", with_ordinality="n", name="told")
    .render_derived()
)
_RING = insert(change).from_select(
    ["layer", "feature_id"],
    select(_told.c.layer, _told.c.feature_id).select_from(_held.join(_told, true())).order_by(_told.c.n),
)


_SINCE = (
    select(change)
    .where(change.c.seq > bindparam("seq", type_=BigInteger))
    .order_by(change.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_NEWEST = select(func.coalesce(func.max(change.c.seq), 0).label("seq"))


@dataclass(slots=True)
class _Rung:
    """What a visit rings for when it ends, each row once."""

    rows: dict[tuple[str, int], None] = field(default_factory=dict)

    def __call__(self) -> list[Asked]:
        if not self.rows:
            return []
        layers, ids = zip(*self.rows, strict=True)
        return [(_RING, {"layers": list(layers), "ids": list(ids)})]


async def ring(session: Session, changed: Mapping[str, Iterable[int]]) -> None:
    """Tell what changed, by layer and row id. A visit rings once, as its last act; outside of one it rings at once."""
    acts = last_acts(session)
    rung = _Rung() if acts is None else acts.setdefault(Last.RING, LastAct(_Rung())).asked
    assert isinstance(rung, _Rung)
    rung.rows |= {(layer, i): None for layer, ids in changed.items() for i in sorted(set(ids))}
    if acts is None:
        await ask_each(session, *rung())


async def ring_positions(session: Session) -> int:
    """Return the number for the batch of positions this transaction writes next, and ring for it at the commit."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AdvisoryLock.POSITION_ORDER})
    batch = (await session.execute(text("SELECT nextval('position_batch')"))).scalar_one()
    await session.execute(text(f"NOTIFY {CHANNEL}"))
    return int(batch)


async def since(session: Session, seq: int, *, limit: int = 10_000) -> list[Change]:
    """Return what changed after `seq`, oldest first."""
    found = await ask(session, _SINCE, {"seq": seq, "most": limit})
    return [Change(seq=row.seq, layer=row.layer, feature_id=row.feature_id, at=row.at) for row in found]


async def newest(session: Session) -> int:
    """Return the last `seq`, 0 where nothing has changed yet."""
    return int((await ask(session, _NEWEST))[0].seq)
