import uuid
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine

from geo_server.door.cluster import Store
from layers.database import INGEST, SERVER, as_role
from layers.migrations.run import _config, migrate
from layers.sources.queries import digest
from tests.growing import AREA, grown


@pytest.fixture
def before(store: Store) -> Iterator[str]:
    """A store as it stood when each source had one key in its own row."""
    name = f"before_{uuid.uuid4().hex[:8]}"
    store.create_database(name)
    url = store.url(name)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0004")
    engine.dispose()
    yield url
    store.drop_database(name)


def test_keys_of_a_filled_store_still_open_their_sources_after_the_migration(before: str) -> None:
    with psycopg.connect(before) as link:
        link.execute(
            "INSERT INTO area (level, code, name_kk, name_ru, name_en, geom) VALUES (1, 'KZ', 'k', 'r', 'e',"
            " ST_Multi(ST_MakeEnvelope(46, 40, 88, 56, 4326)))"
        )
        for name, kind, enabled in (("trackers", "positions", True), ("towers", "events", False)):
            row = (name, kind, digest(f"key of {name}"), enabled)
            link.execute(
                "INSERT INTO source (name, kind, key_sha256, area_id, enabled, created_at)"
                " SELECT %s, %s, %s, id, %s, '2026-01-02 03:04+00' FROM area",
                row,
            )
    migrate(before)
    with psycopg.connect(before) as link:
        rows = link.execute(
            "SELECT name, enabled, key_sha256, source_key.created_at = source.created_at, expires_at, revoked_at"
            "  FROM source_key JOIN source ON source.id = source_id ORDER BY name"
        ).fetchall()
    assert rows == [
        ("towers", False, digest("key of towers"), True, None, None),
        ("trackers", True, digest("key of trackers"), True, None, None),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT key_sha256 FROM source_key",
        "UPDATE source_key SET key_sha256 = ''",
        "UPDATE source_key SET source_id = 1",
        "DELETE FROM source_key",
        "UPDATE source SET area_id = 1",
    ],
)
def test_the_server_neither_reads_a_digest_nor_gives_a_key_away(database_url: str, asked: str) -> None:
    with psycopg.connect(as_role(database_url, SERVER)) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "INSERT INTO source_key (source_id, key_sha256, created_by) VALUES (1, '', 'x')",
        "UPDATE source_key SET revoked_at = NULL",
        "UPDATE source SET enabled = true",
        "SELECT 1 FROM account",
        "SELECT caller_phone FROM incident",
    ],
)
def test_ingest_makes_no_key_and_sees_no_more_than_it_needs(database_url: str, asked: str) -> None:
    with psycopg.connect(as_role(database_url, INGEST)) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute(asked)


def test_sources_of_before_go_on_and_one_may_send_pictures(store: Store) -> None:
    row: LiteralString = "INSERT INTO source (name, kind, area_id) VALUES ('towers', 'events', 1)"
    with grown(store, "0028", [AREA, row]) as link:
        link.execute("INSERT INTO source (name, kind, area_id) VALUES ('eyes', 'pictures', 1)")
        kinds = [kind for (kind,) in link.execute("SELECT kind FROM source ORDER BY id").fetchall()]
        assert kinds == ["events", "pictures"]
        with pytest.raises(psycopg.errors.CheckViolation):
            link.execute("INSERT INTO source (name, kind, area_id) VALUES ('ears', 'sounds', 1)")
