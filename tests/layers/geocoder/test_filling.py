"""The names are those of the ground: after an import, after a migration, and again after the next import."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine

from geo_server.door.cluster import Store
from ingest.city.generate import generate
from ingest.city.importer import import_city
from layers.geocoder.filling import rebuild, same_street
from layers.geocoder.rows import Said
from layers.migrations.run import _config, migrate

Link = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def bare_url(store: Store) -> Iterator[str]:
    name = f"bare_{uuid.uuid4().hex[:8]}"
    store.create_database(name)
    yield store.url(name)
    store.drop_database(name)


def _count(link: Link, asked: str) -> int:
    row = link.execute(f"SELECT count(*) FROM {asked}".encode()).fetchone()
    return int(str(row[0])) if row else 0


def test_a_store_that_is_filled_gets_its_names_by_the_migration(bare_url: str) -> None:
    engine = create_engine(bare_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0013")
        connection.exec_driver_sql(
            "INSERT INTO address (osm_id, street, house, geom)"
            " VALUES (1, 'улица Абая', '5', ST_SetSRID(ST_MakePoint(76, 43), 4326))"
        )
    engine.dispose()
    migrate(bare_url)
    with psycopg.connect(bare_url) as link:
        assert _count(link, "geocoder_name WHERE kind = 'street' AND words @@ 'abaia'") == 1
        assert _count(link, "geocoder_house WHERE key = '5'") == 1


def test_an_import_brings_its_names_along_in_its_own_transaction(database_url: str, tmp_path: Path) -> None:
    generate(tmp_path / "small.osm.pbf", size="small")
    import_city(database_url, tmp_path / "small.osm.pbf", name="Small", quiet=True)
    with psycopg.connect(database_url) as link:
        assert _count(link, "geocoder_house") == _count(link, "address") > 0
        assert _count(link, "geocoder_name WHERE kind = 'crossing'") > 0
        assert _count(link, "geocoder_name WHERE kind = 'place'") == _count(link, "place WHERE name IS NOT NULL")


def test_names_are_written_anew_without_leaving_old_ones(database_url: str) -> None:
    with psycopg.connect(database_url) as link:
        for house in ("1", "2"):
            link.execute(
                "INSERT INTO address (osm_id, street, house, geom)"
                " VALUES (1, 'улица Абая', %s, ST_SetSRID(ST_MakePoint(76, 43), 4326))",
                (house,),
            )
            rebuild(link)
        assert (_count(link, "geocoder_name"), _count(link, "geocoder_house")) == (1, 2)
        link.execute("DELETE FROM address")
        rebuild(link)
        assert [_count(link, f"geocoder_{table}") for table in ("name", "house", "word")] == [0, 0, 0]


@pytest.mark.parametrize("street", ["№", "...", "漢字", "%_'\\\t", "я" * 5000])
def test_a_street_of_any_name_is_imported(database_url: str, street: str) -> None:
    with psycopg.connect(database_url) as link:
        link.execute(
            "INSERT INTO address (osm_id, street, house, common_name, geom)"
            " VALUES (1, %s, %s, %s, ST_SetSRID(ST_MakePoint(76, 43), 4326))",
            (street, street, street),
        )
        rebuild(link)
        assert _count(link, "geocoder_name") in (0, 2)


def test_variants_that_share_a_name_are_one_street() -> None:
    said = [
        Said("Абай даңғылы", "Абай даңғылы", "проспект Абая", None),
        Said("проспект Абая", None, None, None),
        Said("улица Абая", None, None, None),
        Said("Abai Avenue", None, None, "Abai Avenue"),
    ]
    first, second, street, english = same_street(said)
    assert first == second == english != street


def test_a_number_in_another_language_joins_no_streets() -> None:
    said = [Said("Самал 1-көшесі", None, "1-я улица", None), Said("Мамыр 1-көшесі", None, "1-я улица", None)]
    assert len(set(same_street(said))) == 2
