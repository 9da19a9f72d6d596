"""A shard writes of a camera only while it holds its lease."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import cast

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import cameras, report
from ingest.leases import Alone, Held, LeaseLost, Leases
from ingest.values import EventDraft, Placed
from ingest.video_metrics import REGISTRY
from ingest.watching import Watching
from layers.cameras import calibration_queries, view_queries
from layers.cameras import leases as rows
from layers.cameras.calibration_queries import Snapshot
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera_lease
from layers.cameras.views import KeptView
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


async def test_a_machine_alone_writes_nothing_of_what_a_cluster_runs_nor_the_cluster_of_what_was_taken_back(
    engine: AsyncEngine,
) -> None:
    camera_id = await leased(engine)
    alone = Alone()

    async def both() -> list[bool]:
        """Let the machine alone and the shard of the first lease tell of the same; return whose word stands."""
        told = []
        marked = alone.mark(replace(draft(camera_id), source_event_id=token_hex(8)))
        assert marked is not None
        for one, lease in (marked, (replace(draft(camera_id), source_event_id=token_hex(8)), Held(camera_id, 1))):
            with suppress(LeaseLost):
                told.append(await report.event(engine, one, lease) is not None and lease == marked[1])
        return told

    assert await both() == [True]
    async with visit(engine) as session:
        await rows.take(session, {camera_id: "a"})
        assert await alone.still(session, [camera_id]) == frozenset()
        await rows.take_back(session, within_s=60)  # it was handed out just now
    assert await both() == [False]
    async with visit(engine) as session:
        await session.execute(update(camera_lease).values(since=datetime.now(UTC) - timedelta(hours=1)))
        await rows.take_back(session, within_s=60)
        assert await alone.still(session, [camera_id]) == {camera_id}
    assert await both() == [True]
    async with visit(engine) as session:
        await rows.take(session, {camera_id: "a"})
        assert await rows.of_all(session) == [rows.Lease(camera_id=camera_id, shard="a", epoch=3)]


async def test_a_lease_that_was_lost_is_let_go_of_counted_and_not_taken_again(engine: AsyncEngine) -> None:
    camera_id = await leased(engine, "a", "b")
    mine = Leases()
    mine.hand({camera_id: 1})
    before = REGISTRY.get_sample_value("qyran_camera_leases_lost_total") or 0
    async with visit(engine) as session:
        assert await mine.still(session, [camera_id]) == frozenset()
    mine.drop(Held(camera_id, 1))  # an event of it that was still waiting
    assert REGISTRY.get_sample_value("qyran_camera_leases_lost_total") == before + 1
    mine.hand({camera_id: 1})  # told late
    assert mine() == frozenset() and mine.mark(draft(camera_id)) is None
    mine.hand({camera_id: 3})
    assert mine() == {camera_id}


async def test_the_picture_that_somebody_asks_for_is_written_by_the_holder_alone(engine: AsyncEngine) -> None:
    camera_id = await leased(engine, "a", "b")
    async with visit(engine) as session:
        await calibration_queries.ask_picture(session, camera_id, "planner")
    mine = Leases()
    for epoch, written in ((1, None), (2, b"a picture")):
        mine.hand({camera_id: epoch})
        await cameras._show(engine, cast(Watching, Taken(camera_id)), mine)
        async with visit(engine) as session:
            found = await calibration_queries.picture(session, camera_id)
        assert (found and found.jpeg) == written


async def test_the_view_that_a_camera_is_held_to_is_kept_by_the_holder_alone(engine: AsyncEngine) -> None:
    camera_id = await leased(engine, "a", "b")
    mine = Leases()
    for epoch, kept in ((1, 0), (2, 1)):
        mine.hand({camera_id: epoch})
        await cameras._start(engine, cast(Watching, Taken(camera_id)), [], mine)
        async with visit(engine) as session:
            assert len(await view_queries.kept(session, [camera_id])) == kept


class Taken:
    """Stands for running cameras of which one has just taken a picture."""

    def __init__(self, camera_id: int) -> None:
        self.camera_id = camera_id

    def pictures_taken(self) -> list[tuple[int, Snapshot]]:
        return [(self.camera_id, Snapshot(at=datetime.now(UTC), jpeg=b"a picture", width_px=1, height_px=1))]

    def views_taken(self) -> dict[tuple[int, str], KeptView]:
        return {(self.camera_id, ""): KeptView(at=datetime.now(UTC), stream="s", png=b"p", dx=0, dy=0)}

    def to_start(self, _: object) -> list[int]:
        return []

    def held_at(self, _: object) -> dict[int, list[str]]:
        return {}

    def keep(self, *_: object) -> None: ...

    def want_pictures(self, _: list[int]) -> None: ...
