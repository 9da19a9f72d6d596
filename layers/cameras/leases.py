"""Which shard runs a camera, where machines share them. One that holds an older epoch writes nothing any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql

from layers.asking import ask
from layers.cameras.table import camera, camera_lease
from layers.database import Session


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
    select(camera_lease.c.camera_id, camera_lease.c.epoch)
    .where(camera_lease.c.camera_id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .order_by(camera_lease.c.camera_id)
    .with_for_update(read=True)
)


async def of_all(session: Session) -> list[Lease]:
    """Return every lease there is."""
    return [Lease(**row._mapping) for row in await ask(session, _ALL)]


async def take(session: Session, shards: Mapping[int, str]) -> None:
    """Hand each camera, by id, to a shard, in one statement: a new epoch where that is another one than before."""
    if shards:
        await session.execute(_TAKE, {"ids": list(shards), "shards": list(shards.values())})


async def held(session: Session, epochs: Mapping[int, int]) -> frozenset[int]:
    """Return which of these cameras are still held by these epochs; no lease changes before this visit ends."""
    if not epochs:
        return frozenset()
    found = await ask(session, _HELD, {"ids": sorted(epochs)})
    return frozenset(row.camera_id for row in found if row.epoch == epochs[row.camera_id])
