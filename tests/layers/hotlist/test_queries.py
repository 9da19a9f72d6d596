"""Who sees and ends which entries, what the cameras are to look for, and where an entry was seen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.areas.scope import visit_as
from layers.database import SERVER, as_role, engine_for, visit
from layers.events import queries as events
from layers.hotlist import queries
from layers.hotlist.schema import NewEntry
from layers.values import LonLat, Role
from layers.viewer import Viewer
from tests.scene import furnish

pytestmark = pytest.mark.anyio
MEDEU, ALATAU = LonLat(lon=76.972, lat=43.232), LonLat(lon=76.80, lat=43.30)
CODES = {"republic": "KZ", "city": "KZ-75", "medeu": "KZ-75-MED"}
SOON = datetime.now(UTC) + timedelta(days=3)


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(as_role(database_url, SERVER), size=1)
    yield engine
    await engine.dispose()


@pytest.fixture
async def areas(engine: AsyncEngine) -> dict[str, int]:
    async with visit(engine) as session:
        found = {row.code: row.id for row in await session.execute(text("SELECT id, code FROM area"))}
    other = min(code for code in found if code.startswith("KZ-75-") and code != CODES["medeu"])
    return {**{name: found[code] for name, code in CODES.items()}, "other": found[other]}


def viewer(area_id: int) -> Viewer:
    return Viewer(account_id=1, name="x", role=Role.COMMANDER, area_id=area_id, own_area_id=area_id)


def new(area_id: int, plate: str = "123ABC02") -> NewEntry:
    return NewEntry(plate=plate, kind="stolen", legal_basis="ERDR 1", owner="Medeu", area_id=area_id, ends_at=SOON)


async def made(engine: AsyncEngine, *entries: NewEntry) -> list[int]:
    async with visit(engine) as session:
        ids = await queries.add(session, entries, by="x")
    return [one for one in ids if one is not None]


async def test_a_viewer_sees_the_entries_of_the_area_and_below_alone(
    engine: AsyncEngine, server: AsyncEngine, areas: dict[str, int]
) -> None:
    where = ("republic", "city", "medeu", "other")
    ids = dict(zip(where, await made(engine, *(new(areas[name]) for name in where)), strict=True))
    seen = {"republic": {"republic", "city", "medeu", "other"}, "city": {"city", "medeu", "other"}, "medeu": {"medeu"}}
    for name, theirs in seen.items():
        async with visit_as(server, viewer(areas[name])) as session:
            found = await queries.listed(session, viewer(areas[name]))
            assert {one.id for one in found} == {ids[one] for one in theirs}
            assert await queries.find(session, viewer(areas[name]), ids["other"]) is None or "other" in theirs


async def test_the_store_itself_lets_nobody_add_or_end_outside_the_scope(
    engine: AsyncEngine, server: AsyncEngine, areas: dict[str, int]
) -> None:
    (entry_id,) = await made(engine, new(areas["other"]))
    with pytest.raises(Exception, match="row-level security"):
        async with visit_as(server, viewer(areas["medeu"])) as session:
            await queries.add(session, [new(areas["other"], "777XYZ05")], by="x")
    async with visit_as(server, viewer(areas["medeu"])) as session:
        await queries.end(session, entry_id, by="x")
    async with visit(engine) as session:
        assert [one.id for one in await queries.live(session)] == [entry_id]


async def test_the_same_plate_on_the_same_grounds_is_looked_for_once(
    engine: AsyncEngine, areas: dict[str, int]
) -> None:
    first = new(areas["medeu"])
    ids = await made(engine, first, first, replace(first, legal_basis="ERDR 2"), new(areas["city"]))
    assert len(ids) == 3
    async with visit(engine) as session:
        await queries.end(session, ids[0], by="x")
        assert await queries.add(session, [first], by="x") != [None]


async def test_an_entry_that_was_ended_is_no_longer_live_and_keeps_its_first_end(
    engine: AsyncEngine, areas: dict[str, int]
) -> None:
    stays, ends = await made(engine, new(areas["medeu"]), new(areas["medeu"], "777XYZ05"))
    for who in ("first", "second"):
        async with visit(engine) as session:
            await queries.end(session, ends, by=who)
    async with visit(engine) as session:
        assert [one.id for one in await queries.live(session)] == [stays]
        ended = await queries.find(session, viewer(areas["republic"]), ends)
    assert ended is not None and (ended.standing, ended.ended_by) == ("ended", "first")


async def test_each_camera_stands_in_its_area_and_all_above(engine: AsyncEngine, areas: dict[str, int]) -> None:
    await furnish(engine, MEDEU, ALATAU)
    async with visit(engine) as session:
        found = await queries.camera_areas(session)
    assert any({areas["medeu"], areas["city"], areas["republic"]} <= inside for inside in found.values())


async def test_hits_are_told_newest_first_to_whoever_sees_where_they_were(
    engine: AsyncEngine, server: AsyncEngine, areas: dict[str, int]
) -> None:
    (entry_id,) = await made(engine, new(areas["republic"]))
    asked = """INSERT INTO event (kind, source, at, certainty, placed_by, details, geom)
        VALUES ('plate_hit', 'test', now() - make_interval(mins => :ago), 0.9, 'camera',
                jsonb_build_object('entry', CAST(:entry AS bigint), 'plate', '123ABC02'),
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    async with visit(engine) as session:
        ids = [
            (await session.execute(text(asked), {"ago": ago, "entry": entry_id, "lon": at.lon, "lat": at.lat})).scalar()
            for ago, at in ((30, MEDEU), (20, ALATAU), (10, MEDEU))
        ]
    told = {}
    for name in ("republic", "medeu"):
        async with visit_as(server, viewer(areas[name])) as session:
            told[name] = [one.id for one in await events.hits(session, viewer(areas[name]), entry_id)]
    async with visit_as(server, viewer(areas["republic"])) as session:
        entry = await queries.find(session, viewer(areas["republic"]), entry_id)
    assert told == {"republic": ids[::-1], "medeu": [ids[2], ids[0]]}
    assert entry is not None and (entry.hits, entry.standing) == (3, "live")
