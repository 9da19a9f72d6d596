"""The store itself shows a visit what its scope holds, and nothing where there is none."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.areas.scope import enter, visit_as, visit_whole
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.units import queries as units
from layers.units.rules import Availability
from layers.values import LonLat, Role
from layers.viewer import Viewer
from tests.scene import Spot, furnish

pytestmark = pytest.mark.anyio

MEDEU, ALATAU = LonLat(lon=76.972, lat=43.232), LonLat(lon=76.80, lat=43.30)
PROTECTED = ("camera", "incident", "incident_entry", "event", "unit", "unit_position", "dispatch", "track")


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The store as the server comes to it."""
    engine = engine_for(as_role(database_url, SERVER), size=1)
    yield engine
    await engine.dispose()


@pytest.fixture
async def spots(engine: AsyncEngine) -> dict[str, Spot]:
    medeu, alatau = await furnish(engine, MEDEU, ALATAU)
    return {"medeu": medeu, "alatau": alatau}


async def viewer(engine: AsyncEngine, code: str, own: str | None = None) -> Viewer:
    async with visit(engine) as session:
        ids = {row.code: row.id for row in await session.execute(text("SELECT id, code FROM area"))}
    return Viewer(account_id=1, name="x", role=Role.COMMANDER, area_id=ids[code], own_area_id=ids[own or code])


async def counts(session: Session) -> dict[str, int]:
    return {t: (await session.execute(text(f"SELECT count(*) FROM {t}"))).scalar_one() for t in PROTECTED}


async def test_without_a_scope_nothing_is_seen(server: AsyncEngine, spots: dict[str, Spot]) -> None:
    async with visit(server) as session:
        assert set((await counts(session)).values()) == {0}


async def test_a_scope_ends_with_its_transaction_also_on_a_pooled_connection(
    server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    async with visit_whole(server) as session:
        assert set((await counts(session)).values()) != {0}
    async with visit(server) as session:
        assert set((await counts(session)).values()) == {0}


async def test_a_district_sees_its_own_and_the_city_and_the_republic_see_both(
    server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    async with visit_whole(server) as session:
        everything = await counts(session)
    for code, part in (("KZ-75-MED", 0.5), ("KZ-75", 1), ("KZ", 1), ("KZ-19", 0)):
        async with visit_as(server, await viewer(server, code)) as session:
            assert await counts(session) == {t: n * part for t, n in everything.items()}, code


async def test_a_day_of_the_track_asked_by_its_own_name_holds_the_same(
    server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    async with visit(server) as session:
        days = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'track'::regclass"
        for day in (await session.execute(text(days))).scalars().all():
            try:
                assert (await session.execute(text(f"SELECT count(*) FROM {day}"))).scalar_one() == 0
            except DBAPIError as error:
                assert "permission denied" in str(error.orig)  # it is not even granted
                await session.rollback()
                return


async def test_nobody_enters_above_or_beside_the_own_area(server: AsyncEngine, spots: dict[str, Spot]) -> None:
    for entered, own, opens in (("KZ-75-MED", "KZ-75", True), ("KZ", "KZ-75", False), ("KZ-19", "KZ-75", False)):
        async with visit(server) as session:
            assert await enter(session, await viewer(server, entered, own)) is opens
            assert ((await counts(session))["incident"] > 0) is opens


async def test_a_row_cannot_be_written_or_moved_outside_the_scope(server: AsyncEngine, spots: dict[str, Spot]) -> None:
    medeu = await viewer(server, "KZ-75-MED")
    theirs = spots["alatau"].ids["incidents"]
    async with visit_as(server, medeu) as session:
        changed = await session.execute(text("UPDATE incident SET priority = 4 WHERE id = :id"), {"id": theirs})
        assert changed.rowcount == 0
    ours = spots["medeu"].ids["incidents"]
    moved = "UPDATE incident SET geom = ST_SetSRID(ST_MakePoint(76.80, 43.30), 4326) WHERE id = :id"
    with pytest.raises(DBAPIError, match="row-level security"):
        async with visit_as(server, medeu) as session:
            await session.execute(text(moved), {"id": ours})


async def test_a_granted_area_is_seen_until_the_grant_ends(
    engine: AsyncEngine, server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    medeu = await viewer(server, "KZ-75-MED")
    grant = """INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)
               VALUES ('area', :area, :to, 'x', 'y', now() + interval '1 hour') RETURNING id"""
    async with visit(engine) as session:
        asked = {"area": spots["alatau"].area_id, "to": medeu.area_id}
        grant_id = (await session.execute(text(grant), asked)).scalar_one()
    async with visit_as(server, medeu) as session:
        assert (await counts(session))["incident"] == 2
    async with visit(engine) as session:
        await session.execute(text("UPDATE area_grant SET revoked_at = now() WHERE id = :id"), {"id": grant_id})
    async with visit_as(server, medeu) as session:
        assert (await counts(session))["incident"] == 1


async def test_a_granted_incident_comes_with_its_dispatch_and_unit_and_nothing_else(
    engine: AsyncEngine, server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    medeu, theirs = await viewer(server, "KZ-75-MED"), spots["alatau"]
    grant = """INSERT INTO area_grant (kind, area_id, to_area_id, incident_id, reason, given_by, ends_at)
               VALUES ('incident', :area, :to, :incident, 'x', 'y', now() + interval '1 hour')"""
    async with visit_as(server, medeu) as session:
        before = await counts(session)
    async with visit(engine) as session:
        asked = {"area": theirs.area_id, "to": medeu.area_id, "incident": theirs.ids["incidents"]}
        await session.execute(text(grant), asked)
    async with visit_as(server, medeu) as session:
        after = await counts(session)
    grown = {t for t in PROTECTED if after[t] > before[t]}
    assert grown >= {"incident", "dispatch", "unit", "unit_position"} and not grown & {"camera", "event"}


async def test_a_closed_area_is_entered_by_nobody(
    engine: AsyncEngine, server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    medeu = await viewer(server, "KZ-75-MED")
    async with visit(engine) as session:
        await session.execute(text("UPDATE area SET closed_at = now() WHERE id = :id"), {"id": medeu.area_id})
    async with visit(server) as session:
        assert await enter(session, medeu) is False
    async with visit_as(server, await viewer(server, "KZ-75")) as session:  # what was its is the city's now
        assert (await counts(session))["incident"] == 2


async def test_a_border_that_moves_takes_its_rows_along_and_keeps_what_was(
    engine: AsyncEngine, spots: dict[str, Spot]
) -> None:
    spot = spots["medeu"]
    async with visit(engine) as session:
        at = {"lon": MEDEU.lon, "lat": MEDEU.lat, "id": spot.area_id}
        cut = """UPDATE area SET geom = ST_Multi(ST_Difference(geom,
                     ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.01))) WHERE id = :id"""
        await session.execute(text(cut), at)
    async with visit(engine) as session:
        asked = "SELECT a.code FROM incident i JOIN area a ON a.id = i.area_id WHERE i.id = :id"
        assert (await session.execute(text(asked), {"id": spot.ids["incidents"]})).scalar_one() == "KZ-75"
        point = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
        then = text(f"SELECT area_of_then({point}, '2020-01-01'), area_of_then({point}, now() + interval '1 second')")
        before, after = (await session.execute(then, {"lon": MEDEU.lon, "lat": MEDEU.lat})).one()
        assert before == spot.area_id and after != spot.area_id


async def test_a_unit_that_is_bound_to_an_incident_out_of_sight_is_not_shown_as_free(
    engine: AsyncEngine, server: AsyncEngine, spots: dict[str, Spot]
) -> None:
    ours, theirs = spots["medeu"], spots["alatau"]
    async with visit(engine) as session:
        unit = {"unit": theirs.ids["units"], "area": ours.area_id}
        await session.execute(text("UPDATE unit SET area_id = :area WHERE id = :unit"), unit)
        await session.execute(text("UPDATE unit_position SET area_id = :area WHERE unit_id = :unit"), unit)
    medeu = await viewer(server, "KZ-75-MED")
    async with visit_as(server, medeu) as session:
        (seen,) = await units.by_ids(session, medeu, [theirs.ids["units"]])
    assert (seen.status, seen.availability, seen.dispatch) == ("dispatched", Availability.BUSY, None)
