"""A shard writes of a camera only while it holds its lease."""

from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import report
from ingest.leases import Held, LeaseLost, Leases
from ingest.values import EventDraft, Placed
from layers.cameras import leases as rows
from layers.cameras.queries import NewCamera, put_up
from layers.database import visit
from layers.events.table import event
from layers.values import Ellipse, LonLat, Title

pytestmark = pytest.mark.anyio
PLACE = LonLat(lon=76.94, lat=43.24)
SMALL = Ellipse(major_m=2.0, minor_m=1.0, bearing_deg=0.0)


def draft(camera_id: int) -> EventDraft:
    return EventDraft(
        kind="motion", source="camera:A", source_event_id="abc", camera_id=camera_id, at=datetime.now(UTC),
        certainty=0.9, placed=Placed(place=PLACE, placed_by="camera", ellipse=SMALL), details={},
    )  # fmt: skip


async def leased(engine: AsyncEngine, *shards: str) -> int:
    """Put up a camera that these shards took, one after the other; return its id."""
    new = NewCamera(code="A", title=Title(kk="а", ru="б", en="c"), place=PLACE, url="x", reader="rtsp", settings={})
    async with visit(engine) as session:
        (camera_id,) = await put_up(session, [new])
    for shard in shards:
        async with visit(engine) as session:
            await rows.take(session, {camera_id: shard})
    return camera_id


async def test_an_event_stands_under_its_lease_and_its_id_tells_the_epoch(engine: AsyncEngine) -> None:
    camera_id = await leased(engine, "a", "b")
    mine = Leases()
    mine.hand({camera_id: 2})
    marked = mine.mark(draft(camera_id))
    assert marked is not None
    assert await report.event(engine, *marked) is not None
    async with visit(engine) as session:
        assert (await session.execute(select(event.c.source_event_id))).scalar_one() == "2.abc"


async def test_who_was_late_by_an_epoch_is_refused_and_writes_nothing(engine: AsyncEngine) -> None:
    camera_id = await leased(engine, "a", "b")
    with pytest.raises(LeaseLost):
        await report.event(engine, draft(camera_id), Held(camera_id, 1))
    async with visit(engine) as session:
        assert (await session.execute(select(event.c.id))).all() == []


async def test_on_one_machine_nobody_asks_for_a_lease(engine: AsyncEngine) -> None:
    assert await report.event(engine, draft(await leased(engine, "a"))) is not None


async def test_a_lease_that_was_lost_is_let_go_of_counted_and_not_taken_again(engine: AsyncEngine) -> None:
    camera_id = await leased(engine, "a", "b")
    mine = Leases()
    mine.hand({camera_id: 1})
    before = REGISTRY.get_sample_value("qyran_camera_leases_lost_total") or 0
    async with visit(engine) as session:
        assert await mine.still(session, [camera_id]) == frozenset()
    assert REGISTRY.get_sample_value("qyran_camera_leases_lost_total") == before + 1
    mine.hand({camera_id: 1})  # told late
    assert mine() == frozenset() and mine.mark(draft(camera_id)) is None
    mine.hand({camera_id: 3})
    assert mine() == {camera_id}
