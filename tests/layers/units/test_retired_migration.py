"""The migration that lets units be retired works on a store that is in use."""

import uuid

from alembic import command
from sqlalchemy import create_engine, text

from geo_server.door.cluster import Store
from layers.migrations import run
from tests.layers.units.test_migration import _FILLED


def test_what_stood_before_stands_after_and_a_retired_units_sign_is_free(store: Store) -> None:
    name = f"filled_{uuid.uuid4().hex[:12]}"
    store.create_database(name)
    engine = create_engine(store.url(name).replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with engine.begin() as link:
            command.upgrade(run._config(link), "0019")
            for row in _FILLED:
                link.execute(text(row))
        run.migrate(store.url(name))
        with engine.begin() as link:
            assert link.execute(text("SELECT call_sign, task, retired_at FROM unit")).all() == [
                ("U", "dispatched", None)
            ]
            link.execute(text("UPDATE dispatch SET status = 'clear'"))
            link.execute(text("UPDATE unit SET retired_at = now()"))
            link.execute(
                text(
                    "INSERT INTO unit (id, call_sign, device, service, kind, home_area_id)"
                    " VALUES (2, 'U', 'U', 'police', 'car', 1)"
                )
            )
            assert link.execute(text("SELECT count(*) FROM unit WHERE call_sign = 'U'")).scalar_one() == 2
    finally:
        engine.dispose()
        store.drop_database(name)
