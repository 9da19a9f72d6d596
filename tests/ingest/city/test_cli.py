from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.city.cli import app

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, fetched: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    (tmp_path / "fetched").symlink_to(fetched)
    return tmp_path


def test_areas_are_already_there_the_second_time(home: Path) -> None:
    told = runner.invoke(app, ["areas", "--home", str(home)])
    assert told.exit_code == 0
    assert "already there" in told.output


def test_a_small_demo_city_is_made_once_and_imported_once(home: Path) -> None:
    command = ["generate", "--seed", "3", "--size", "small", "--home", str(home)]
    first, second = runner.invoke(app, command), runner.invoke(app, command)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "road segments" in first.output
    assert "Qyran demo 3 is already there" in second.output
    assert (home / "cities" / "demo-3-small.osm.pbf").exists()


def test_a_file_that_cannot_be_imported_ends_with_one_sentence_and_1(home: Path) -> None:
    told = runner.invoke(app, ["import", str(home / "nowhere.osm.pbf"), "--home", str(home)])
    assert told.exit_code == 1
    assert "cannot be opened" in told.output
    assert "Traceback" not in told.output


def test_without_a_store_the_command_says_so(home: Path, small_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QYRAN_DATABASE_URL")
    told = runner.invoke(app, ["import", str(small_city), "--home", str(home)])
    assert told.exit_code == 1
    assert "QYRAN_DATABASE_URL" in told.output
