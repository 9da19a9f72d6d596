"""The migration of chains that tell of no incident works on a store that is in use."""

import uuid

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine, text

from geo_server.door.cluster import Store
from layers.migrations import run

_POINT = "ST_SetSRID(ST_MakePoint(76, 43), 4326)"
_FILLED = (
    "INSERT INTO area (id, level, code, name_kk, name_ru, name_en, geom)"
    " VALUES (1, 1, 'KZ', 'a', 'b', 'c', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))",
    "INSERT INTO unit (id, call_sign, device, service, kind, home_area_id) VALUES (1, 'U', 'U', 'police', 'car', 1)",
    "INSERT INTO incident (id, number, category, priority, state, opened_at, opened_by, geom)"
    f" VALUES (1, '1', 'fire', 1, 'pending', now(), 'x', {_POINT})",
    "INSERT INTO panic (id, unit_id, raised_at, raised_by) VALUES (1, 1, now(), 'x'), (2, 1, now(), 'x')"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO contact (id, area_id, name, role, created_by) VALUES (1, 1, 'a', 'chief', 'x')",
    "INSERT INTO notice_chain (kind, incident_id, to_kind, to_role, priority, queued_by)"
    " VALUES ('incident', 1, 'role', 'chief', 1, 'x')",
    "INSERT INTO notice_chain (kind, to_kind, to_id, priority, queued_by) VALUES ('test', 'contact', 1, 3, 'x')",
)
_CHAIN = "INSERT INTO notice_chain (kind, {about}to_kind, to_role, priority, queued_by) VALUES ('{kind}', {id}'role', 'chief', 1, 'x')"  # noqa: E501


def test_what_was_told_stays_and_a_chain_is_about_one_thing(store: Store) -> None:
    name = f"filled_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    engine = create_engine(store.url(name).replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as link:
            command.upgrade(run._config(link), "0015")
            for row in _FILLED:
                link.execute(text(row))
        run.migrate(store.url(name))
        with psycopg.connect(store.url(name), autocommit=True) as owner:
            asked = "SELECT kind, incident_id, panic_id, message_id FROM notice_chain ORDER BY id"
            assert owner.execute(asked).fetchall() == [("incident", 1, None, None), ("test", None, None, None)]
            once = _CHAIN.format(kind="panic", about="panic_id, ", id="1, ").encode()
            owner.execute(once)
            with pytest.raises(psycopg.errors.UniqueViolation):
                owner.execute(once)
            for kind, about, id in (("panic", "", ""), ("incident", "", ""), ("incident", "panic_id, ", "1, ")):
                with pytest.raises(psycopg.errors.CheckViolation):
                    owner.execute(_CHAIN.format(kind=kind, about=about, id=id).encode())
    finally:
        engine.dispose()
        store.drop_database(name)
