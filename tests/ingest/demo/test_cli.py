from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.demo.cli import app


def test_seeding_a_store_without_a_city_ends_in_one_sentence(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    done = CliRunner().invoke(app, ["seed", "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert "import a city" in done.output
    assert "Traceback" not in done.output


def test_a_store_that_is_not_there_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QYRAN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    done = CliRunner().invoke(app, ["seed", "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert "could not be seeded" in done.output
    assert "Traceback" not in done.output
