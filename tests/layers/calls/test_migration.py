"""The migration of calls that are handed on works on a store that is in use."""

import uuid

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine, text

from geo_server.door.cluster import Store
from layers.migrations import run

_FILLED = (
    "INSERT INTO area (id, level, code, name_kk, name_ru, name_en, geom)"
    " VALUES (1, 1, 'KZ', 'a', 'b', 'c', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))",
    "INSERT INTO call (id, home_area_id, state, rang_at) VALUES (1, 1, 'answered', now())",
    "INSERT INTO call (id, home_area_id, state, rang_at, ended_at, outcome)"
    " VALUES (2, 1, 'ended', now(), now(), 'test')",
)
_HAND = "UPDATE call SET handed_from = '{1}', handed_at = now(), handed_by = 'x', handed_why = 'y'"


def test_calls_stay_as_they_were_and_who_handed_one_on_reads_it_while_it_is_open(store: Store) -> None:
    name = f"filled_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    engine = create_engine(store.url(name).replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as link:
            command.upgrade(run._config(link), "0017")
            for row in _FILLED:
                link.execute(text(row))
        run.migrate(store.url(name))
        with psycopg.connect(store.url(name), autocommit=True) as owner:
            asked = b"SELECT id, area_id, handed_from, read_by FROM call ORDER BY id"
            assert owner.execute(asked).fetchall() == [(1, 1, None, None), (2, 1, None, None)]
            owner.execute(_HAND)
            assert owner.execute(asked).fetchall() == [(1, 1, [1], [1]), (2, 1, [1], None)]
            for wrong in ("handed_by = NULL", "handed_from = '{}'", "handed_from = NULL"):
                with pytest.raises(psycopg.errors.CheckViolation):
                    owner.execute(f"UPDATE call SET {wrong} WHERE id = 1".encode())
    finally:
        engine.dispose()
        store.drop_database(name)
