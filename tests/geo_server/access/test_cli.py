"""The command line of accounts: what a person with a shell on the server does, and that the audit tells it."""

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from geo_server.access import cli


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    return CliRunner()


def asked(database_url: str, question: str) -> list[tuple[object, ...]]:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return rows


def added(run: CliRunner, name: str = "aigerim") -> int:
    typed = "right-password\nright-password\n"
    return run.invoke(cli.app, ["add", name, "--role", "planner", "--area", "KZ-75"], input=typed).exit_code


def test_an_account_is_added_once(run: CliRunner, database_url: str) -> None:
    assert [added(run), added(run)] == [0, 1]
    told = "SELECT who, operation, details ->> 'account' FROM audit"
    assert asked(database_url, told) == [("./qyran accounts", "accounts.write", "aigerim")]


def test_a_password_given_anew_must_be_changed(run: CliRunner, database_url: str) -> None:
    added(run)
    typed = "another-password\nanother-password\n"
    assert run.invoke(cli.app, ["password", "aigerim"], input=typed).exit_code == 0
    assert asked(database_url, "SELECT must_change FROM account") == [(True,)]
    assert "another-password" not in str(asked(database_url, "SELECT details FROM audit"))


def test_a_lock_is_released_by_whoever_has_a_shell(run: CliRunner, database_url: str) -> None:
    added(run)
    assert run.invoke(cli.app, ["release", "aigerim"]).exit_code == 0
    assert asked(database_url, "SELECT name, by FROM lock_release") == [("aigerim", "./qyran accounts")]


@pytest.mark.parametrize("command", ["release", "password"])
def test_an_account_that_is_not_there_is_told_in_a_sentence(run: CliRunner, command: str) -> None:
    told = run.invoke(cli.app, [command, "nobody"], input="another-password\nanother-password\n")
    assert told.exit_code == 1 and "no account nobody" in told.output
