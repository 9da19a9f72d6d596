"""What a store that is in use knew of panics, presses and messages stays true when they can be heard."""

import uuid

import psycopg
from alembic import command
from sqlalchemy import create_engine, text

from geo_server.door.cluster import Store
from layers.migrations import run

_FILLED = (
    "INSERT INTO area (id, level, code, name_kk, name_ru, name_en, geom)"
    " VALUES (1, 1, 'KZ', 'a', 'b', 'c', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))",
    "INSERT INTO unit (id, call_sign, device, service, kind, home_area_id) VALUES (1, 'U', 'U', 'police', 'car', 1)",
    "INSERT INTO panic (unit_id, raised_at, raised_by, acknowledged_at, acknowledged_by)"
    " VALUES (1, now(), 'x', now(), 'y')",
    "INSERT INTO crew_event (unit_id, client_event_id, kind, at, who) VALUES (1, 'e', 'panic', now(), 'x')",
    "INSERT INTO crew_message (unit_id, at, who, from_crew, text)"
    " VALUES (1, now(), 'x', true, 'a'), (1, now(), 'y', false, 'b')",
)


def test_old_messages_of_crews_call_nobody_and_old_panics_and_presses_stay_as_they_were(store: Store) -> None:
    name = f"filled_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    engine = create_engine(store.url(name).replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as link:
            command.upgrade(run._config(link), "0019")
            for row in _FILLED:
                link.execute(text(row))
        run.migrate(store.url(name))
        with psycopg.connect(store.url(name), autocommit=True) as owner:
            read = owner.execute("SELECT from_crew, read_at IS NOT NULL FROM crew_message ORDER BY id").fetchall()
            assert read == [(True, True), (False, False)]
            assert owner.execute("SELECT heard_before, acknowledged_by FROM panic").fetchall() == [([], "y")]
            assert owner.execute("SELECT taken, late FROM crew_event").fetchall() == [(True, False)]
    finally:
        engine.dispose()
        store.drop_database(name)
