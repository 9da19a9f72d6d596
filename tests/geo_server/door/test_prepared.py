"""A second `up` skips what is done only where all is as the first one left it."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from geo_server.door import prepared
from geo_server.door.cluster import Given
from geo_server.door.up import unready

ASKED = ["migrate", "areas"]


@pytest.fixture
def done(database_url: str, tmp_path: Path) -> Callable[..., bool]:
    """Ask whether all is done, on a store and a home where it was remembered."""
    (tmp_path / "demo.json").write_text("{}")
    prepared.remember(Given(database_url), tmp_path, ASKED)
    return lambda asked=ASKED, url=database_url: prepared.is_done(Given(url), tmp_path, asked)


def test_nothing_is_done_on_a_store_that_was_never_set_up(database_url: str, tmp_path: Path) -> None:
    assert not prepared.is_done(Given(database_url), tmp_path, ASKED)


def test_what_was_remembered_is_done(done: Callable[..., bool]) -> None:
    assert done()


def test_other_steps_are_not_done(done: Callable[..., bool]) -> None:
    assert not done(["migrate", "areas", "city"])


def test_a_store_that_lost_rows_is_set_up_again(done: Callable[..., bool], database_url: str) -> None:
    with psycopg.connect(database_url) as link:
        link.execute("DELETE FROM area WHERE id = (SELECT max(id) FROM area)")
    assert not done()


def test_a_home_that_lost_its_keys_is_set_up_again(done: Callable[..., bool], tmp_path: Path) -> None:
    (tmp_path / "demo.json").unlink()
    assert not done()


def test_an_empty_store_in_its_place_is_set_up(done: Callable[..., bool], database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as link:
        link.execute("DROP TABLE alembic_version")
    assert not done()


def test_a_store_that_does_not_answer_is_not_done(done: Callable[..., bool], tmp_path: Path) -> None:
    assert not done(url=f"postgresql:///none?host={tmp_path}")


def test_somebodys_own_words_about_the_database_stay(database_url: str, tmp_path: Path) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url, autocommit=True) as link:
        link.execute(psycopg.sql.SQL("COMMENT ON DATABASE {} IS 'ours'").format(psycopg.sql.Identifier(str(name))))
    prepared.remember(Given(database_url), tmp_path, ASKED)
    assert not prepared.is_done(Given(database_url), tmp_path, ASKED)
    with psycopg.connect(database_url) as link:
        asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        assert link.execute(asked).fetchone() == ("ours",)


def test_a_server_that_does_not_answer_is_named_as_not_ready() -> None:
    assert unready("http://127.0.0.1:1/api/health") == ["server"]
