"""Migration 0025 finds calls, tries and lines in the store: they stay as they were, are found, and change no more."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, Link, grown

ROWS: tuple[LiteralString, ...] = (
    AREA,
    f"""INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
        SELECT '26-' || n, 'fire', 1, 'pending', now(), 'x', {SPOT} FROM generate_series(1, 2) n""",
    """INSERT INTO call (home_area_id, state, rang_at, ended_at, outcome, reason, phone)
       SELECT id, 'ended', now(), now(), 'no_action', 'x', phone FROM area,
              unnest(ARRAY['8 (701) 000-00-12', '112', 'withheld', NULL]) phone""",
    "INSERT INTO call_entry (call_id, kind, who) SELECT id, 'rang', 'x' FROM call",
    f"INSERT INTO incident_place (incident_id, who, geom) SELECT id, 'x', {SPOT} FROM incident",
    """INSERT INTO incident_entry (incident_id, kind, who, details)
       VALUES (1, 'merged', 'x', '{"into": {"id": 2}, "dispatches": [7]}')""",
)


@pytest.fixture(scope="module")
def filled(store: Store) -> Iterator[Link]:
    """A store as it stood before, with rows in it, brought to the newest shape."""
    with grown(store, "0019", ROWS) as link:
        yield link


def test_calls_that_were_there_are_found_by_their_phone(filled: Link) -> None:
    asked: LiteralString = "SELECT caller_key FROM call ORDER BY id"
    assert filled.execute(asked).fetchall() == [("7010000012",), ("112",), (None,), (None,)]


@pytest.mark.parametrize("asked", [
    "UPDATE call_entry SET who = 'y'", "DELETE FROM call_entry", "TRUNCATE incident_place",
    "UPDATE incident_place SET who = 'y'", "TRUNCATE notice_attempt",
])  # fmt: skip
def test_what_was_written_before_changes_no_more(filled: Link, asked: LiteralString) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
        filled.execute(asked)


def test_what_went_with_a_merge_before_is_found_by_its_time(filled: Link) -> None:
    filled.execute("SET enable_seqscan = off")
    asked: LiteralString = """EXPLAIN SELECT 1 FROM incident_entry WHERE at > now() - interval '1 day'
        AND kind IN ('merged', 'merged_in', 'unmerged', 'split', 'split_from')"""
    assert "incident_entry_moved_idx" in str(filled.execute(asked).fetchall())
