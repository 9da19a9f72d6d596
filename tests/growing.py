"""A store in use, as an older revision left it, brought to the newest shape."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from alembic import command
from sqlalchemy import create_engine

from geo_server.door.cluster import Store
from layers.migrations.run import _config, migrate

Link = psycopg.Connection[tuple[object, ...]]
AREA: LiteralString = """INSERT INTO area (id, level, code, name_kk, name_ru, name_en, geom)
    VALUES (1, 1, 'KZ', 'а', 'б', 'c', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))"""
SPOT: LiteralString = "ST_SetSRID(ST_MakePoint(76, 43), 4326)"
UNIT: LiteralString = """INSERT INTO unit (id, call_sign, device, service, kind, home_area_id)
    VALUES (1, 'U', 'U', 'police', 'car', 1)"""
INCIDENT: LiteralString = f"""INSERT INTO incident (id, number, category, priority, state, opened_at, opened_by, geom)
    VALUES (1, '1', 'fire', 1, 'pending', now(), 'x', {SPOT})"""
SENT: LiteralString = f"""INSERT INTO dispatch (id, incident_id, unit_id, dispatched_by, area_id, geom)
    VALUES (1, 1, 1, 'x', 1, ST_MakeLine({SPOT}, {SPOT}))"""


@contextmanager
def grown(store: Store, since: str, rows: Sequence[LiteralString]) -> Iterator[Link]:
    """A store that stood at the revision `since` when these rows were written, as its owner reads it now."""
    name = f"grown_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    try:
        _stand_at(store.url(name), since)
        with psycopg.connect(store.url(name), autocommit=True) as link:
            for row in rows:
                link.execute(row)
        migrate(store.url(name))
        with psycopg.connect(store.url(name), autocommit=True) as link:
            yield link
    finally:
        store.drop_database(name)


def _stand_at(url: str, revision: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as link:
        command.upgrade(_config(link), revision)
    engine.dispose()
