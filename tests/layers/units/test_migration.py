"""The migration of crews works on a store that is in use."""

import uuid

from alembic import command
from sqlalchemy import create_engine, text

from geo_server.door.cluster import Store
from layers.migrations import run

_POINT = "ST_SetSRID(ST_MakePoint(76, 43), 4326)"
_FILLED = (
    "INSERT INTO area (id, level, code, name_kk, name_ru, name_en, geom)"
    " VALUES (1, 1, 'KZ', 'a', 'b', 'c', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))",
    "INSERT INTO account (name, password_hash, role, area_id) VALUES ('d', 'x', 'dispatcher', 1)",
    "INSERT INTO unit (id, call_sign, device, service, kind, home_area_id) VALUES (1, 'U', 'U', 'police', 'car', 1)",
    "INSERT INTO incident (id, number, category, priority, state, opened_at, opened_by, geom)"
    f" VALUES (1, '1', 'fire', 1, 'pending', now(), 'x', {_POINT})",
    "INSERT INTO dispatch (id, incident_id, unit_id, dispatched_by, area_id, geom)"
    f" VALUES (1, 1, 1, 'x', 1, ST_MakeLine({_POINT}, {_POINT}))",
    "INSERT INTO dispatch_entry (dispatch_id, status, at, who, means) VALUES (1, 'dispatched', now(), 'x', 'radio')",
)


def test_what_stood_before_stands_after(store: Store) -> None:
    name = f"filled_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    engine = create_engine(store.url(name).replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as link:
            command.upgrade(run._config(link), "0009")
            for row in _FILLED:
                link.execute(text(row))
        run.migrate(store.url(name))
        with engine.begin() as link:
            assert link.execute(text("SELECT skills, equipment, task FROM unit")).all() == [([], {}, "dispatched")]
            assert link.execute(text("SELECT taken, late FROM dispatch_entry")).all() == [(True, False)]
            assert link.execute(text("SELECT role, unit_id FROM account")).all() == [("dispatcher", None)]
    finally:
        engine.dispose()
        store.drop_database(name)
