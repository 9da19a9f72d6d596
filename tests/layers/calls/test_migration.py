"""The migration of calls that are handed on works on a store that is in use."""

from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, grown

ROWS = (
    AREA,
    "INSERT INTO call (id, home_area_id, state, rang_at) VALUES (1, 1, 'answered', now())",
    "INSERT INTO call (id, home_area_id, state, rang_at, ended_at, outcome)"
    " VALUES (2, 1, 'ended', now(), now(), 'test')",
)
HAND = "UPDATE call SET handed_from = '{1}', handed_at = now(), handed_by = 'x', handed_why = 'y'"
WRONG: tuple[LiteralString, ...] = ("handed_by = NULL", "handed_from = '{}'", "handed_from = NULL")


def test_calls_stay_as_they_were_and_who_handed_one_on_reads_it_while_it_is_open(store: Store) -> None:
    with grown(store, "0017", ROWS) as owner:
        asked: LiteralString = "SELECT id, area_id, handed_from, read_by FROM call ORDER BY id"
        assert owner.execute(asked).fetchall() == [(1, 1, None, None), (2, 1, None, None)]
        owner.execute(HAND)
        assert owner.execute(asked).fetchall() == [(1, 1, [1], [1]), (2, 1, [1], None)]
        for wrong in WRONG:
            with pytest.raises(psycopg.errors.CheckViolation):
                owner.execute(f"UPDATE call SET {wrong} WHERE id = 1")
