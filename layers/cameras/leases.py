"""Which shard runs a camera, where machines share them. One that holds an older epoch writes nothing any more.

A machine that runs its cameras alone holds no lease: it writes where there is none, or where it took it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Float, Text, any_, bindparam, exists, func, literal, or_, select, text, update
from sqlalchemy.dialects import postgresql

from layers.asking import ask
from layers.cameras.queries import POSTED
from layers.cameras.table import camera, camera_health, camera_lease
from layers.database import Session

ALONE = "alone"  # whose leases those are that were taken back from a cluster that is gone
NONE = 0  # the epoch of who holds no lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A camera in the hands of a shard, the `epoch`-th time that it changed hands."""

    camera_id: int
    shard: str
    epoch: int


_ALL = select(camera_lease.c.camera_id, camera_lease.c.shard, camera_lease.c.epoch)
_wanted = func.unnest(
    bindparam("ids", type_=ARRAY(BigInteger)), bindparam("shards", type_=ARRAY(Text))
).table_valued("camera_id", "shard", name="wanted").render_derived()  # fmt: skip
_new = (
    select(_wanted.c.camera_id, _wanted.c.shard, literal(1, BigInteger))
    .select_from(_wanted.join(camera, camera.c.id == _wanted.c.camera_id))
    .order_by(_wanted.c.camera_id)
)
_insert = postgresql.insert(camera_lease).from_select(["camera_id", "shard", "epoch"], _new)
_TAKE = _insert.on_conflict_do_update(
    index_elements=["camera_id"],
    set_={"shard": _insert.excluded.shard, "epoch": camera_lease.c.epoch + 1, "since": func.clock_timestamp()},
    where=camera_lease.c.shard != _insert.excluded.shard,
)
_HELD = (
    select(camera_lease.c.camera_id, camera_lease.c.shard, camera_lease.c.epoch)
    .where(camera_lease.c.camera_id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .order_by(camera_lease.c.camera_id)
    .with_for_update(read=True)
)
_STORE = text("SELECT system_identifier::text || '/' || current_database() AS store FROM pg_control_system()").columns(
    store=Text
)
_lately = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, bindparam("within_s", type_=Float))
_by_its_holder = func.starts_with(camera_health.c.shard, camera_lease.c.shard + "/")
_of_it = camera_health.c.camera_id == camera_lease.c.camera_id
_told = exists().where(_of_it, camera_health.c.at > _lately, _by_its_holder)
_works = or_(camera_lease.c.since > _lately, _told)
_at_work = exists(select(camera_lease.c.camera_id).where(camera_lease.c.shard != ALONE, _works))
_back = update(camera_lease).values(shard=ALONE, epoch=camera_lease.c.epoch + 1).where(camera_lease.c.shard != ALONE)
_IDLE_BACK = _back.where(~_works)
_POSTED_BACK = _back.where(camera_lease.c.camera_id.in_(select(camera.c.id).where(camera.c.reader == POSTED)))
_AT_WORK = select(_at_work.label("at_work"))


async def of_all(session: Session) -> list[Lease]:
    """Return every lease there is."""
    return [Lease(**row._mapping) for row in await ask(session, _ALL)]


async def take(session: Session, shards: Mapping[int, str]) -> None:
    """Hand each camera, by id, to a shard, in one statement: a new epoch where that is another one than before."""
    if shards:
        await session.execute(_TAKE, {"ids": list(shards), "shards": list(shards.values())})


async def held(session: Session, epochs: Mapping[int, int]) -> frozenset[int]:
    """Return which of these cameras are still held by these epochs; no lease changes before this visit ends.

    Without a lease (`NONE`) those are held that no shard of a cluster holds.
    """
    if not epochs:
        return frozenset()
    found = {row.camera_id: row for row in await ask(session, _HELD, {"ids": sorted(epochs)})}
    return frozenset(one for one, epoch in epochs.items() if _is_held(found.get(one), epoch))


def _is_held(row: Any, epoch: int) -> bool:
    if epoch == NONE:
        return row is None or row.shard == ALONE
    return row is not None and row.epoch == epoch


async def take_back(session: Session, within_s: float) -> None:
    """Take the leases of a cluster that has not told for so long: a shard of it that wakes later writes nothing."""
    await session.execute(_IDLE_BACK, {"within_s": within_s})


async def take_back_posted(session: Session) -> None:
    """Take the leases of cameras that are no cluster's: their pictures are posted to the door of one machine."""
    await session.execute(_POSTED_BACK)


async def store(session: Session) -> str:
    """Return the name that no other store bears, the same at its replicas: who shares cameras must share it."""
    named: str = (await ask(session, _STORE))[0].store
    return named


async def at_work(session: Session, within_s: float) -> bool:
    """Say whether shards of a cluster run cameras: leases were handed out, or their holders told, so lately."""
    return bool((await ask(session, _AT_WORK, {"within_s": within_s}))[0].at_work)
