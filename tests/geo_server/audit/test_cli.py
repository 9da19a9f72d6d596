"""`audit verify` tells in sentences or JSON and by its exit; `audit erase` erases, and is told in the audit itself."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner, Result

from geo_server.access.cli import write_demo
from geo_server.audit.cli import app
from geo_server.audit.sealing import heads_of
from layers.areas.scope import visit_whole
from tests.geo_server.audit.conftest import Log

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def told(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("QYRAN_DATABASE_URL", database_url)
    monkeypatch.setenv("QYRAN_HOME", str(tmp_path))
    yield


async def run(*arguments: str | Path) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, [str(argument) for argument in arguments])


async def test_a_log_that_holds_is_said_to_with_what_was_read(sealed: Log) -> None:
    done = await run("verify")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("The audit holds: 9 entries under 4 checkpoints, 0 not sealed yet, sealed last at 20")


async def test_a_log_that_does_not_hold_ends_with_one_and_a_sentence_each(sealed: Log) -> None:
    await sealed.attack("DELETE FROM audit WHERE id IN (2, 5)")
    done = await run("verify")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["Entry 2 was deleted", "Entry 5 was deleted"]
    assert lines[2].startswith("The audit does not hold: 7 entries")


async def test_json_names_the_place_of_each_finding(sealed: Log) -> None:
    assert json.loads((await run("verify", "--json")).output)["holds"] is True
    await sealed.attack("UPDATE audit SET who = 'Nobody' WHERE id = 5")
    done = await run("verify", "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["holds"]) == (1, False)
    (found,) = told["findings"]
    assert (found["kind"], found["entry"], found["checkpoint"]) == ("edited", 5, 3)


async def test_a_copy_and_a_key_kept_elsewhere_are_believed_instead_of_those_of_the_home(
    sealed: Log, tmp_path: Path
) -> None:
    for kept in ("keys/audit.pub", "audit/heads.jsonl"):
        (tmp_path / kept).rename(tmp_path / Path(kept).name)
    assert (await run("verify")).exit_code == 1
    done = await run("verify", "--heads", tmp_path / "heads.jsonl", "--key", tmp_path / "audit.pub")
    assert done.exit_code == 0, done.output


async def test_a_store_that_was_never_served_holds(database_url: str, tmp_path: Path) -> None:
    done = await run("verify")
    assert done.exit_code == 0
    assert done.output.startswith("The audit holds: 0 entries under 0 checkpoints, 0 not sealed yet, never sealed")
    assert not heads_of(tmp_path).file.exists(), "and reading makes nothing"


async def test_a_key_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----\n")
    done = await run("verify", "--key", tmp_path / "key")
    assert done.exit_code == 1 and "cannot be read (ValueError)" in done.output


async def test_a_phone_is_erased_and_the_log_holds(log: Log) -> None:
    await log.write(2, personal={"caller_phone": "+7 701 234 56 78"})
    done = await run("erase", "--phone", "8 701 2345678", "--reason", "asked by the person")
    assert (done.exit_code, done.output.split(";")[0]) == (0, "Personal values were erased from 2 entries")
    assert await log.sql("SELECT * FROM audit_personal") == []
    await log.seal()
    assert (await run("verify")).exit_code == 0
    ((purpose,),) = await log.sql("SELECT purpose FROM audit WHERE operation = 'audit.erase'")
    assert purpose == {"kind": "reason", "text": "asked by the person"}


async def test_an_account_is_named_and_must_be_there(log: Log, engine: AsyncEngine) -> None:
    await write_demo(engine)
    async with visit_whole(engine) as session:
        asked = text("SELECT id FROM account WHERE name = 'planner'")
        account_id = (await session.execute(asked)).scalar_one()
    await log.write(1, account_id=account_id, personal={"name": "Ерлан"})
    done = await run("erase", "--account", "nobody", "--reason", "x")
    assert (done.exit_code, done.output) == (1, "There is no account nobody; nothing was erased.\n")
    done = await run("erase", "--account", "planner", "--reason", "x")
    assert done.exit_code == 0 and "from 1 entries" in done.output


@pytest.mark.parametrize("asked", [[], ["--account", "x", "--phone", "87012345678"], ["--phone", "12"]])
async def test_an_erasure_that_is_not_clear_is_refused(asked: list[str], log: Log) -> None:
    assert (await run("erase", "--reason", "x", *asked)).exit_code == 2
    assert await log.sql("SELECT * FROM audit") == []
