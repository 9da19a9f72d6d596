"""`./qyran coverage compliance` tells the report on the shell, and writes it into a file."""

from pathlib import Path

import psycopg
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from geo_server.planning.cli import app

runner = CliRunner()


@pytest.fixture
def hung(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with one camera that hangs too low."""
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    with psycopg.connect(database_url) as link:
        link.execute("""INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, height_m, owner, modules,
                                             geom)
            VALUES ('C', 'к', 'к', 'c', 'x', 'video_file', 1, 'Базар', '{person}',
                    ST_SetSRID(ST_MakePoint(76.95, 43.25), 4326))""")


@pytest.mark.usefixtures("hung")
def test_the_shell_tells_what_is_broken_and_what_mends_it(tmp_path: Path) -> None:
    told = runner.invoke(app, ["compliance", "--table", "mends", "--language", "ru"])
    assert told.exit_code == 0, told.output
    assert "поднять на 0,8 м" in told.output and "Базар" in told.output
    book = tmp_path / "report.xlsx"
    assert runner.invoke(app, ["compliance", "--area", "KZ", "--out", str(book)]).exit_code == 0
    assert "mends" in load_workbook(book, read_only=True).sheetnames


@pytest.mark.usefixtures("hung")
def test_an_area_or_a_table_that_does_not_exist_is_told_in_one_sentence() -> None:
    nowhere = runner.invoke(app, ["compliance", "--area", "XX"])
    assert nowhere.exit_code == 1 and "There is no area XX." in nowhere.output
    assert runner.invoke(app, ["compliance", "--table", "beauty"]).exit_code == 2
