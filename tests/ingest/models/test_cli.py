from pathlib import Path

from typer.testing import CliRunner

from ingest.models.cli import app


def test_converting_twice_finds_it_done(home: Path) -> None:
    told = CliRunner().invoke(app, ["convert", "--home", str(home)])
    assert told.exit_code == 0
    assert "already there" in told.output


def test_missing_files_are_one_sentence_and_a_failure(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["convert", "--home", str(tmp_path)])
    assert told.exit_code == 1
    assert "cannot be read" in told.output
    assert "Traceback" not in told.output
