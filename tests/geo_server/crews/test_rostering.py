"""The roster says what it leaves uncovered, and gives duties where nobody said one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.crews.rostering import RosterKeeper, uncovered
from layers.database import SERVER, as_role, engine_for, visit
from layers.units.rules import Duty, Rostered, by_roster

DAY = datetime(2026, 5, 1, tzinfo=UTC)


class Sql(Protocol):
    async def __call__(self, asked: str, **values: object) -> list[tuple[object, ...]]: ...


@pytest.fixture
async def sql(engine: AsyncEngine) -> Sql:
    """The store, with three units that are off."""

    async def ask(asked: str, **values: object) -> list[tuple[object, ...]]:
        async with visit(engine) as session:
            found = await session.execute(text(asked), values)
            return [tuple(row) for row in found.all()] if found.returns_rows else []

    await ask("""INSERT INTO unit (id, call_sign, device, service, kind, home_area_id)
        SELECT n, n, n, 'police', 'car', (SELECT id FROM area WHERE code = 'KZ') FROM generate_series(1, 3) n""")
    return ask


@pytest.fixture
async def keeper(sql: Sql, database_url: str) -> AsyncIterator[RosterKeeper]:
    yield RosterKeeper(own := engine_for(as_role(database_url, SERVER)))
    await own.dispose()


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def test_what_no_shift_covers_is_a_gap() -> None:
    assert uncovered([], at(0), at(24)) == [(at(0), at(24))]
    day = [(at(8), at(20)), (at(6), at(9))]
    assert uncovered(day, at(0), at(24)) == [(at(0), at(6)), (at(20), at(24))]
    assert uncovered([(at(-5), at(30))], at(0), at(24)) == []
    assert uncovered([(at(20), at(32)), (at(-4), at(8)), (at(8), at(20))], at(0), at(24)) == []


@given(st.lists(st.tuples(st.integers(-5, 30), st.integers(1, 12)), max_size=8))
def test_each_hour_is_either_covered_or_in_one_gap(spans: list[tuple[int, int]]) -> None:
    times = [(at(begins), at(begins + long)) for begins, long in spans]
    gaps = uncovered(times, at(0), at(24))
    for hour in range(24):
        middle = at(hour + 0.5)
        covered = any(begins <= middle < ends for begins, ends in times)
        assert sum(begins <= middle < ends for begins, ends in gaps) == (not covered)


@pytest.mark.parametrize(
    ("duty", "due", "by", "home", "given"),
    [
        (Duty.OFF, True, False, False, (Duty.ROSTER, 3)),
        (Duty.OFF, True, False, True, (Duty.OFF, 2)),
        (Duty.ROSTER, True, True, False, (Duty.ROSTER, 2)),
        (Duty.ROSTER, False, True, False, (Duty.OFF, 2)),
        (Duty.ROSTER, False, False, False, (Duty.ROSTER, 2)),
        (Duty.OFF, False, True, False, (Duty.OFF, 2)),
    ],
)
def test_the_roster_gives_a_duty_where_nobody_said_one(
    duty: Duty, due: bool, by: bool, home: bool, given: tuple[Duty, int]
) -> None:
    assert by_roster(Rostered(id=1, duty=duty, crew=2, due=due, aboard=3, by_roster=by, home=home)) == given


@pytest.mark.anyio
async def test_a_shift_that_runs_rosters_a_unit_until_somebody_says_otherwise(sql: Sql, keeper: RosterKeeper) -> None:
    await sql("""INSERT INTO unit_shift (unit_id, begins_at, ends_at, crew, made_by) SELECT n, now() + ahead,
        now() + '8 h', '[{"name": "A", "role": ""}, {"name": "B", "role": ""}, {"name": "C", "role": ""}]', 'x'
        FROM (VALUES (1, interval '-1 h'), (2, interval '20 min'), (3, interval '2 h')) AS s(n, ahead)""")
    stands = "SELECT duty, crew FROM unit ORDER BY id"
    await keeper.look()
    assert await sql(stands) == [("roster", 3), ("roster", 3), ("off", 2)]
    assert await sql("SELECT unit_id, who, means FROM unit_duty ORDER BY id") == [
        (1, "roster", "roster"),
        (2, "roster", "roster"),
    ]
    await sql("UPDATE unit SET crew = 2 WHERE id = 1")  # a person counted them
    await keeper.look()
    assert await sql(stands) == [("roster", 2), ("roster", 3), ("off", 2)]
    await sql("UPDATE unit SET duty = 'off' WHERE id = 1")
    await sql("INSERT INTO unit_duty (unit_id, duty, at, who, means) VALUES (1, 'off', now(), 'd', 'dispatcher')")
    await sql("DELETE FROM unit_shift WHERE unit_id = 2")
    await keeper.look()
    assert await sql(stands) == [("off", 2), ("off", 3), ("off", 2)]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("begun_min", "off_min", "duty"),
    [
        (2, 12, "roster"),  # the day crew went ten minutes before the night shift began
        (12, 7, "roster"),  # or five minutes after
        (-15, 5, "off"),  # the day crew went early: the day shift still runs
        (120, 60, "off"),  # the night crew itself went home
        (2, 300, "roster"),
    ],
)
async def test_a_crew_that_signs_off_about_the_end_of_its_shift_says_nothing_of_the_next(
    sql: Sql, keeper: RosterKeeper, begun_min: float, off_min: float, duty: str
) -> None:
    await sql(
        """INSERT INTO unit_shift (unit_id, begins_at, ends_at, made_by)
        SELECT 1, t + h, t + h + interval '12 h', 'x'
          FROM (SELECT now() - make_interval(mins => :begun) AS t) AS night,
               (VALUES (interval '-12 h'), (interval '0 h')) AS s(h)""",
        begun=begun_min,
    )
    await sql(
        """INSERT INTO unit_duty (unit_id, duty, at, who, means)
        VALUES (1, 'off', now() - make_interval(mins => :ago), 'crew', 'button')""",
        ago=off_min,
    )
    await keeper.look()
    assert await sql("SELECT duty FROM unit WHERE id = 1") == [(duty,)]


@pytest.mark.anyio
async def test_a_person_who_stands_a_unit_down_before_its_shift_is_not_overruled(
    sql: Sql, keeper: RosterKeeper
) -> None:
    await sql("""INSERT INTO unit_shift (unit_id, begins_at, ends_at, made_by)
        VALUES (1, now() + interval '10 min', now() + interval '8 h', 'x')""")
    await sql("""INSERT INTO unit_duty (unit_id, duty, at, who, means)
        VALUES (1, 'off', now() - interval '5 min', 'd', 'dispatcher')""")
    await keeper.look()
    assert await sql("SELECT duty FROM unit WHERE id = 1") == [("off",)]
