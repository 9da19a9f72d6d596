"""Migration 0008 finds incidents in the store: they stay as they were, and what cannot be is refused from then on."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, Link, grown

OLD_STATES: tuple[LiteralString, ...] = ("pending", "assigned", "enroute", "onscene", "closed", "cancelled")
ROWS: tuple[LiteralString, ...] = tuple(
    f"""INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
        VALUES ('26-{n}', 'a category that is gone', 1, '{state}', now(), 'x', {SPOT})"""
    for n, state in zip(("0", "1", "2", "3", "4", "5"), OLD_STATES, strict=True)
)


@pytest.fixture(scope="module")
def filled(store: Store) -> Iterator[Link]:
    """A store as it stood before, with an incident of every state, brought to the newest shape."""
    with grown(store, "0007", (AREA, *ROWS)) as link:
        yield link


def test_what_was_there_stays_as_it_was(filled: Link) -> None:
    asked = "SELECT state, merged_into_id, reopened_at, disposition FROM incident ORDER BY id"
    assert filled.execute(asked.encode()).fetchall() == [(state, None, None, []) for state in OLD_STATES]


def test_what_stands_keeps_its_priority_and_what_opens_later_follows_its_plan(filled: Link) -> None:
    assert filled.execute(b"SELECT DISTINCT priority_said FROM incident").fetchall() == [(True,)]
    asked = """SELECT column_default FROM information_schema.columns
                WHERE table_name = 'incident' AND column_name = 'priority_said'"""
    assert filled.execute(asked.encode()).fetchall() == [("false",)]


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE incident SET state = 'merged' WHERE number = '26-0'",
        "UPDATE incident SET merged_into_id = (SELECT max(id) FROM incident) WHERE number = '26-0'",
        "UPDATE incident SET state = 'merged', merged_into_id = id WHERE number = '26-0'",
        "UPDATE incident SET state = 'vanished' WHERE number = '26-0'",
        "UPDATE incident SET disposition = '{}' WHERE number = '26-0'",
        "INSERT INTO incident_link (incident_id, other_id, kind, who) SELECT id, id, 'related', 'x' FROM incident",
        "INSERT INTO incident_link (incident_id, other_id, kind, who) SELECT 2, 1, 'related', 'x'",
        "INSERT INTO incident_place (incident_id, who, geom) SELECT id, 'x', 'SRID=4326;POINT(200 0)' FROM incident",
    ],
)
def test_what_cannot_be_is_refused(filled: Link, wrong: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        filled.execute(wrong.encode())


def test_an_incident_has_one_parent_and_one_survivor(filled: Link) -> None:
    first, second, third = (int(str(row[0])) for row in filled.execute(b"SELECT id FROM incident ORDER BY id LIMIT 3"))
    row = "INSERT INTO incident_link (incident_id, other_id, kind, who) VALUES (%s, %s, %s, 'x')"
    for kind in ("child", "merged"):
        filled.execute(row, (first, second, kind))
        with pytest.raises(psycopg.errors.UniqueViolation):
            filled.execute(row, (first, third, kind))
        filled.execute("UPDATE incident_link SET ended_at = now(), ended_by = 'x' WHERE kind = %s", (kind,))
        filled.execute(row, (first, third, kind))


def test_the_server_may_end_a_link_but_neither_rewrite_nor_remove_one(filled: Link) -> None:
    asked = """SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
                WHERE table_name IN ('incident_link', 'incident_place') AND grantee = 'qyran_server'"""
    may = {row[0] for row in filled.execute(asked.encode())}
    assert may == {f"{table} {act}" for table in ("incident_link", "incident_place") for act in ("SELECT", "INSERT")}
    columns = """SELECT column_name FROM information_schema.column_privileges WHERE table_name = 'incident_link'
                  AND grantee = 'qyran_server' AND privilege_type = 'UPDATE'"""
    assert {row[0] for row in filled.execute(columns.encode())} == {"ended_at", "ended_by"}
