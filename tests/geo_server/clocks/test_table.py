"""What a filled store knew of dispatches, addresses and callers is found by the columns of migrations 0013 and 0024."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine

from geo_server.door.cluster import Store
from layers.database import SERVER, as_role
from layers.migrations.run import _config, migrate
from layers.near import cells_around
from layers.values import LonLat

FILLED = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
    VALUES (1, 'KZ', 'k', 'r', 'e', ST_Multi(ST_MakeEnvelope(46, 40, 88, 56, 4326)));
INSERT INTO unit (call_sign, device, service, kind, home_area_id) SELECT 'A', 'a', 'ambulance', 'car', id FROM area;
INSERT INTO incident (number, category, priority, state, opened_at, opened_by, address, caller_phone, geom)
    SELECT number, 'medical', 1, 'closed', '2026-01-01 10:00+00', 'x', address, phone, 'SRID=4326;POINT(76 43)'
      FROM (VALUES ('1', 'Абай даңғылы, 10', '8 (701) 555-66-77'), ('2', ' , ', '')) given(number, address, phone);
INSERT INTO unit (call_sign, device, service, kind, home_area_id)
    SELECT sign, sign, 'ambulance', 'car', id FROM area, unnest(ARRAY['B', 'C']) sign;
INSERT INTO dispatch (incident_id, unit_id, dispatched_at, dispatched_by, status, area_id, geom)
    SELECT i.id, u.id, '2026-01-01 10:00:30+00', 'x', status, i.area_id, 'SRID=4326;LINESTRING(76 43, 76 43)'
      FROM incident i,
           (VALUES ('A', 'clear'), ('A', 'cancelled'), ('B', 'handover'), ('C', 'diverted')) sent(sign, status)
      JOIN unit u ON call_sign = sign WHERE number = '1';
INSERT INTO dispatch_entry (dispatch_id, status, at, received_at, who, means)
    SELECT d.id, step, at::timestamptz, received_at::timestamptz, 'x', 'radio'
      FROM (VALUES ('clear', 'onscene', '2026-01-01 10:09+00', '2026-01-01 10:09+00'),
        ('clear', 'enroute', '2026-01-01 10:02+00', '2026-01-01 10:09+00'),
        ('clear', 'transport', '2026-01-01 10:30+00', '2026-01-01 10:30+00'),
        ('clear', 'clear', '2026-01-01 10:50+00', '2026-01-01 10:50+00'),
        ('cancelled', 'cancelled', '2026-01-01 10:01+00', '2026-01-01 10:01+00'),
        ('handover', 'enroute', '2026-01-01 09:02+00', '2026-01-01 10:02+00'),
        ('handover', 'onscene', '2100-01-01 10:09+00', '2026-01-01 10:09+00'),
        ('handover', 'transport', '2026-01-01 09:30+00', '2026-01-01 10:30+00')) e(of, step, at, received_at)
      JOIN dispatch d ON d.status = of;
"""


@pytest.fixture(scope="module")
def filled(store: Store) -> Iterator[str]:
    """A store as it stood before there were clocks, migrated with what it held."""
    name = f"before_{uuid.uuid4().hex[:8]}"
    store.create_database(name)
    url = store.url(name)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0006")
    engine.dispose()
    with psycopg.connect(url) as link:
        link.execute(FILLED)
    migrate(url)
    yield url
    store.drop_database(name)


def test_dispatches_know_when_they_set_out_came_and_left(filled: str) -> None:
    with psycopg.connect(filled) as link:
        asked = "SELECT service, enroute_at, onscene_at, left_at FROM dispatch ORDER BY status DESC"
        rows = link.execute(asked).fetchall()
    at = [datetime(2026, 1, 1, 10, minute, tzinfo=UTC) for minute in (2, 9, 30)]
    came, never = ("ambulance", *at), ("ambulance", None, None, None)
    assert rows == [came, never, came, never]


@pytest.mark.parametrize(
    ("told_s", "counts_s"),
    [(0, 0), (30, 30), (60, 60), (-4, 0), (64, 60), (-6, 60), (66, 60), (-3600, 60), (2_000_000_000, 60)],
)
def test_a_time_that_cannot_be_counts_as_it_was_received(filled: str, told_s: float, counts_s: float) -> None:
    sent = datetime(2026, 5, 1, 12, tzinfo=UTC)
    told, heard, counts = (sent + timedelta(seconds=seconds) for seconds in (told_s, 60, counts_s))
    with psycopg.connect(filled) as link:
        assert link.execute("SELECT counted_at(%s, %s, %s)", (told, sent, heard)).fetchone() == (counts,)


def test_what_is_told_late_counts_by_when_it_was(filled: str) -> None:
    with psycopg.connect(filled) as link:
        late = """INSERT INTO dispatch_entry (dispatch_id, status, at, who, means)
            SELECT id, 'onscene', %s, 'x', 'radio' FROM dispatch WHERE status = 'clear'"""
        for minute in (40, 5):
            link.execute(late, (datetime(2026, 1, 1, 10, minute, tzinfo=UTC),))
        found = link.execute("SELECT onscene_at FROM dispatch WHERE status = 'clear'").fetchall()
        link.rollback()
    assert found == [(datetime(2026, 1, 1, 10, 5, tzinfo=UTC),)]


@pytest.mark.parametrize("order", list(permutations((("enroute", 2), ("onscene", 9), ("clear", 50)))))
def test_when_a_crew_set_out_came_and_left_hangs_on_no_order(filled: str, order: tuple[tuple[str, int], ...]) -> None:
    told = """INSERT INTO dispatch_entry (dispatch_id, status, at, who, means)
        SELECT id, %s, %s, 'x', 'button' FROM dispatch WHERE status = 'diverted'"""
    with psycopg.connect(filled) as link:
        for step, minute in order:
            link.execute(told, (step, datetime(2026, 1, 1, 10, minute, tzinfo=UTC)))
        asked = "SELECT enroute_at, onscene_at, left_at FROM dispatch WHERE status = 'diverted'"
        found = link.execute(asked).fetchall()
        link.rollback()
    assert found == [tuple(datetime(2026, 1, 1, 10, minute, tzinfo=UTC) for minute in (2, 9, 50))]


def test_addresses_and_phones_have_keys_and_what_is_empty_has_none(filled: str) -> None:
    with psycopg.connect(filled) as link:
        rows = link.execute("SELECT address_key, caller_key FROM incident ORDER BY number").fetchall()
    assert rows == [("абай даңғылы 10", "7015556677"), (None, None)]


def test_the_store_puts_a_place_into_the_cell_that_is_asked_for(filled: str) -> None:
    places = [
        LonLat(lon=lon, lat=lat) for lon in (-180.0, -0.001, 76.95703125, 180.0) for lat in (-90.0, 43.2375, 90.0)
    ]
    asked = "SELECT place_cell(ST_SetSRID(ST_MakePoint(%s, %s), 4326))"
    with psycopg.connect(filled) as link:
        for place in places:
            ((cell,),) = link.execute(asked, (place.lon, place.lat)).fetchall()
            assert cell in (cells_around(place, 1.0) or [])


@pytest.mark.parametrize("column", ["caller_key", "address_key"])
def test_an_index_serves_them_also_under_the_policies(filled: str, column: str) -> None:
    with psycopg.connect(as_role(filled, SERVER)) as link:
        link.execute("SET enable_seqscan = off")
        link.execute("SELECT enter(id, id) FROM area")
        plan = str(link.execute(f"EXPLAIN SELECT id FROM incident WHERE {column} = '7015556677'".encode()).fetchall())
    assert f"incident_{column}_idx" in plan
