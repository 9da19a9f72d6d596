"""The store that migrations build is the store that the tables describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

import geo_server.access.table
import geo_server.audit.table
import geo_server.clocks.table
import geo_server.grants.table
import geo_server.jobs.table
import geo_server.notify.table
import geo_server.planning.placement.table
import geo_server.plans.table
import geo_server.record.table
import geo_server.register.table
import geo_server.replay.table
import layers.cameras.register_table
import layers.changes
import layers.geocoder.table
import layers.hotlist.table
import layers.recordings.table
import layers.refusals.table
import layers.register
import layers.sources.table
import layers.terrain.table
import layers.video.table
from layers.database import metadata
from layers.migrations.run import migrate

DESCRIBED = (
    layers.cameras.register_table,
    layers.changes,
    layers.geocoder.table,
    layers.recordings.table,
    layers.refusals.table,
    layers.register,
    layers.hotlist.table,
    layers.sources.table,
    layers.terrain.table,
    layers.video.table,
    geo_server.access.table,
    geo_server.audit.table,
    geo_server.clocks.table,
    geo_server.grants.table,
    geo_server.jobs.table,
    geo_server.planning.placement.table,
    geo_server.plans.table,
    geo_server.notify.table,
    geo_server.record.table,
    geo_server.register.table,
    geo_server.replay.table,
)  # importing them fills the metadata
BY_SQL_ALONE = {"city", "alembic_version", "spatial_ref_sys"}


def _engine(url: str):  # type: ignore[no-untyped-def]
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def test_tables_and_migrations_agree(database_url: str) -> None:
    engine = _engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _ours, "compare_type": True})
        differences = [d for d in compare_metadata(context, metadata) if not _about_indexes(d)]
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    engine = _engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize("place", ["POINT(NaN 43)", "POINT(76 NaN)", "POINT(1e999 43)", "POINT(200 43)"])
def test_the_store_refuses_a_place_that_is_not_on_the_globe(database_url: str, place: str) -> None:
    engine = _engine(database_url)
    row = (
        "INSERT INTO event (kind, source, at, certainty, placed_by, geom)"
        " VALUES ('smoke', 'test', now(), 1, 'sender', ST_GeomFromText(:place, 4326))"
    )
    with engine.connect() as connection, pytest.raises(Exception, match=r"event_on_globe_check|parse error"):
        connection.execute(text(row), {"place": place})
    engine.dispose()


def _ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    return not (kind == "table" and (name in BY_SQL_ALONE or (name or "").startswith("track_")))


def _about_indexes(difference: object) -> bool:
    return isinstance(difference, tuple) and str(difference[0]).endswith(("_index", "_constraint", "_fk"))
