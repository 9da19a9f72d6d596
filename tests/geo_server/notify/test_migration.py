"""The migrations of chains that tell of no incident, and of phones of no session, work on a store that is in use."""

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


PHONES = (
    AREA,
    UNIT,
    "INSERT INTO account (id, name, password_hash, role, area_id, unit_id) VALUES (1, 'c', 'x', 'crew', 1, 1)",
    "INSERT INTO account_session (id, token_sha256, account_id, area_id, expires_at)"
    " VALUES (7, 'x', 1, 1, now() + interval '1 hour')",
    "INSERT INTO push_subscription (account_id, session_id, endpoint, p256dh, auth)"
    " SELECT 1, s, e, decode(repeat('04', 65), 'hex'), decode(repeat('04', 16), 'hex')"
    " FROM (VALUES (7, 'of a session'), (NULL, 'of nobody knows which')) AS phone(s, e)",
)


def test_phones_that_subscribed_before_they_were_of_a_session_are_forgotten(store: Store) -> None:
    with grown(store, "0026", PHONES) as owner:
        assert owner.execute("SELECT endpoint FROM push_subscription").fetchall() == [("of a session",)]
