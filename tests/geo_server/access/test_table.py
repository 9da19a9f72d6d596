"""The tables of access on a store that is in use already: what was there keeps its meaning."""

import uuid
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from geo_server.door.cluster import Store
from layers.migrations import run
from layers.migrations.run import migrate


@pytest.fixture
def before(store: Store) -> Iterator[str]:
    """A store of the shape before this room's migration, with an account, a disabled one, and a session."""
    name = f"filled_{uuid.uuid4().hex[:8]}"
    store.create_database(name)
    try:
        with _connected(store.url(name)) as connection:
            command.upgrade(run._config(connection), "0003")
            connection.execute(text(_FILLED))
        yield store.url(name)
    finally:
        store.drop_database(name)


_FILLED = """
    INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
    VALUES (1, 'KZ', 'x', 'x', 'x', ST_Multi(ST_MakeEnvelope(50, 40, 80, 55, 4326)));
    INSERT INTO account (name, password_hash, role, area_id, enabled)
    SELECT n, 'hash', 'planner', id, n = 'on' FROM area, unnest(ARRAY['on', 'off']) n;
    INSERT INTO account_session (token_sha256, account_id, expires_at)
    SELECT 'token', id, now() + interval '1 hour' FROM account WHERE name = 'on'"""


def _connected(url: str):  # type: ignore[no-untyped-def]
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1)).begin()


def test_accounts_and_sessions_from_before_still_count(before: str) -> None:
    migrate(before)
    with _connected(before) as connection:
        assert isinstance(connection, Connection)
        asked = """SELECT s.area_id = a.area_id, s.means, s.second_factor, s.ended_at, s.id > 0, a.must_change
            FROM account_session s JOIN account a ON a.id = s.account_id"""
        assert connection.execute(text(asked)).one() == (True, "password", False, None, True, False)
        asked = "SELECT name, disabled_at IS NULL FROM account ORDER BY name"
        assert connection.execute(text(asked)).all() == [("off", False), ("on", True)]
