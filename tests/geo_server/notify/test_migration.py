"""The migration of chains that tell of no incident works on a store that is in use."""

from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, INCIDENT, UNIT, grown

ROWS = (
    AREA,
    UNIT,
    INCIDENT,
    "INSERT INTO panic (id, unit_id, raised_at, raised_by) VALUES (1, 1, now(), 'x'), (2, 1, now(), 'x')"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO contact (id, area_id, name, role, created_by) VALUES (1, 1, 'a', 'chief', 'x')",
    "INSERT INTO notice_chain (kind, incident_id, to_kind, to_role, priority, queued_by)"
    " VALUES ('incident', 1, 'role', 'chief', 1, 'x')",
    "INSERT INTO notice_chain (kind, to_kind, to_id, priority, queued_by) VALUES ('test', 'contact', 1, 3, 'x')",
)
CHAIN: LiteralString = """INSERT INTO notice_chain (kind, panic_id, to_kind, to_role, priority, queued_by)
    VALUES (%s, %s, 'role', 'chief', 1, 'x')"""


def test_what_was_told_stays_and_a_chain_is_about_one_thing(store: Store) -> None:
    with grown(store, "0015", ROWS) as owner:
        asked = "SELECT kind, incident_id, panic_id, message_id FROM notice_chain ORDER BY id"
        assert owner.execute(asked).fetchall() == [("incident", 1, None, None), ("test", None, None, None)]
        owner.execute(CHAIN, ("panic", 1))
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute(CHAIN, ("panic", 1))
        for wrong in (("panic", None), ("incident", None), ("incident", 1)):
            with pytest.raises(psycopg.errors.CheckViolation):
                owner.execute(CHAIN, wrong)
