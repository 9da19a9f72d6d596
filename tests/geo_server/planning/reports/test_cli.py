"""`./qyran coverage report` writes a file, and says in one sentence what it cannot."""

from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from geo_server.planning.cli import app


@pytest.fixture
def settled(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    return database_url


def report(*told: str) -> Result:
    return CliRunner().invoke(app, ["report", *told])


def test_a_report_is_written_and_the_audit_names_who(settled: str, tmp_path: Path) -> None:
    out = tmp_path / "medeu.pdf"
    out.write_text("of yesterday")
    done = report("--area", "KZ-75-MED", "--format", "pdf", "--language", "kk", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"%PDF-") and [path.name for path in tmp_path.iterdir()] == ["medeu.pdf"]
    with psycopg.connect(settled) as link:
        row = link.execute("SELECT who, details->>'format' FROM audit WHERE operation = 'coverage.report'").fetchone()
    assert row == ("./qyran coverage", "pdf")


@pytest.mark.parametrize(
    ("told", "said"),
    [(("--area", "KZ-00"), "no area KZ-00"), (("--area", "KZ", "--purpose", "beauty"), "no purpose beauty")],
    ids=["no such area", "no such purpose"],
)
def test_what_it_cannot_is_one_sentence(settled: str, tmp_path: Path, told: tuple[str, ...], said: str) -> None:
    out = tmp_path / "a.html"
    failed = report(*told, "--out", str(out))
    assert failed.exit_code == 1 and said in failed.output and not out.exists()


def test_a_folder_that_is_not_there_is_told(settled: str, tmp_path: Path) -> None:
    failed = report("--area", "KZ-75-MED", "--out", str(tmp_path / "nowhere" / "a.html"))
    assert failed.exit_code == 1 and "nowhere" in failed.output
