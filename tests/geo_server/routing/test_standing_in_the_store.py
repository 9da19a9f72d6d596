"""Who stands where, read in packed numbers, is what the units themselves say, whatever they are and wherever."""

import math
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.routing import queries
from geo_server.routing.standing import Standing
from layers.areas.scope import enter_whole
from layers.database import Session, visit
from layers.units import queries as units
from layers.values import Role, Service
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio
# Every duty with every crew, kind and skill; one in seven never said where it is, one in five said so long ago.
UNITS = """INSERT INTO unit (call_sign, device, service, kind, duty, crew, skills, equipment, home_area_id)
    SELECT 'U' || n, 'u' || n, (ARRAY['police', 'ambulance', 'fire'])[1 + n % 3], (ARRAY['car', 'van'])[1 + n % 2],
           (ARRAY['on', 'off'])[1 + n / 4 % 2], n % 3,
           CASE WHEN n % 5 = 0 THEN ARRAY['diver'] ELSE ARRAY[]::text[] END,
           CASE WHEN n % 4 = 0 THEN '{"boat": 1, "saw": 0}'::jsonb ELSE '{}'::jsonb END,
           (SELECT id FROM area WHERE code = (ARRAY['KZ-75-MED', 'KZ-71'])[1 + n / 3 % 2])
      FROM generate_series(1, 120) n"""
PLACES = """INSERT INTO unit_position (unit_id, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
    SELECT id, now() - make_interval(secs => CASE WHEN id % 5 = 0 THEN 600 ELSE 1 END), now(),
           76.9 + id / 1e4, 43.2 + id / 1e4, 0, 0, home_area_id
      FROM unit WHERE id % 7 > 0"""


def told(standing: Standing) -> dict[int, tuple[Any, ...]]:
    """What is known of each unit; of a place that is not known None, for no NaN is like another."""

    def number(values: Iterable[float]) -> list[float | None]:
        return [None if math.isnan(value) else value for value in values]

    able = [None if of is None else frozenset(of) for of in standing.skills]
    lists = (standing.service, standing.kind, able, standing.area_id, number(standing.lon), number(standing.lat))
    rows = zip(*lists, standing.free, strict=True)
    return {int(id): row for id, row in zip(standing.ids, rows, strict=True)}


@pytest.mark.parametrize("own", ["KZ", "KZ-75"])
async def test_all_is_read_of_every_unit_that_is_seen_and_of_no_other(session: Session, own: str) -> None:
    await enter_whole(session)
    await session.execute(text(UNITS))
    await session.execute(text(PLACES))
    asked = text("SELECT id FROM area WHERE code = :own")
    area_id = int((await session.execute(asked, {"own": own})).scalar_one())
    viewer = Viewer(account_id=1, name="x", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
    services = [Service.POLICE, Service.AMBULANCE]
    themselves = told(Standing.of(await units.of_services(session, viewer, services)))
    read = told(await queries.standing(session, viewer, services, skilled=True))
    assert read == themselves and len(read) == {"KZ": 80, "KZ-75": 40}[own]
    assert {True, False} == {bool(row[-1]) for row in read.values()}


async def test_what_a_unit_can_do_is_read_only_where_it_is_asked_for(session: Session) -> None:
    await enter_whole(session)
    await session.execute(text(UNITS))
    area_id = int((await session.execute(text("SELECT id FROM area WHERE code = 'KZ'"))).scalar_one())
    viewer = Viewer(account_id=1, name="x", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
    found = await queries.standing(session, viewer, [Service.FIRE])
    assert len(found.ids) == 40 and set(found.skills) == {None} and not found.free.any()


async def test_where_nobody_is_nobody_stands(session: Session) -> None:
    await enter_whole(session)
    viewer = Viewer(account_id=1, name="x", role=Role.DISPATCHER, area_id=1, own_area_id=1)
    found = await queries.standing(session, viewer, [])
    assert len(found.ids) == len(found.skills) == len(found.free) == 0


@pytest.mark.parametrize("asked", ["standing", "houses"])
async def test_a_store_that_goes_away_meanwhile_is_told_as_every_other_question_tells_it(
    engine: AsyncEngine, asked: str
) -> None:
    viewer = Viewer(account_id=1, name="V", area_id=1, own_area_id=1, role=Role.DISPATCHER)
    with pytest.raises(OperationalError) as fault:
        async with visit(engine) as session:
            lost = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with visit(engine) as other:
                await other.execute(text("SELECT pg_terminate_backend(:lost)"), {"lost": lost})
            await (queries.houses(session) if asked == "houses" else queries.standing(session, viewer, [*Service]))
    assert fault.value.connection_invalidated
    async with visit(engine) as session:
        assert len(await queries.houses(session)) == 0
