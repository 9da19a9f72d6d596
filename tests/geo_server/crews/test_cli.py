"""The command line of units: what a person with a shell on the server does, and that the audit tells it."""

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from geo_server.crews import cli


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    return CliRunner()


def added(run: CliRunner, *more: str, sign: str = "102-1") -> Result:
    said = ["add", sign, "--device", f"tracker-{sign}", "--service", "police", "--kind", "patrol_car"]
    return run.invoke(cli.app, [*said, "--area", "KZ-75", *more])


def test_a_unit_is_added_once_listed_and_retired(run: CliRunner, database_url: str) -> None:
    assert [added(run).exit_code, added(run).exit_code] == [0, 1]
    assert "Another unit has the call sign 102-1." in added(run).output
    assert "tracker-102-1" in run.invoke(cli.app, ["list"]).output
    assert run.invoke(cli.app, ["retire", "102-1"]).exit_code == 0
    assert "102-1" not in run.invoke(cli.app, ["list"]).output
    assert "102-1" in run.invoke(cli.app, ["list", "--retired"]).output
    assert run.invoke(cli.app, ["retire", "102-1"]).exit_code == 1
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        told = connection.execute(text("SELECT who, operation, details ->> 'call_sign' FROM audit ORDER BY id")).all()
    engine.dispose()
    assert told == [("./qyran units", "units.enrol", "102-1")] * 2


def test_what_cannot_be_is_told_in_a_sentence(run: CliRunner) -> None:
    nowhere = run.invoke(
        cli.app, ["add", "1", "--device", "1", "--service", "fire", "--kind", "ladder", "--area", "XX"]
    )
    assert nowhere.exit_code == 1 and "There is no area XX" in nowhere.output
    assert "There is no station 999." in added(run, "--station", "999").output
    assert "There is no unit 5 in use." in run.invoke(cli.app, ["retire", "5"]).output
