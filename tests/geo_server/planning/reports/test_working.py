"""Reports that were asked for are made one after another, called off, and told as failed where they cannot be made."""

import asyncio
from asyncio.subprocess import Process
from pathlib import Path

import msgspec
import pytest

from geo_server.jobs import queries as jobs
from geo_server.jobs.keeping import JobKeeper
from geo_server.jobs.schema import Job
from geo_server.planning.reports import working
from geo_server.planning.reports.asking import asked_of
from geo_server.planning.reports.keeping import report_keeper
from geo_server.planning.reports.schema import REPORT, Format, Wanted
from geo_server.planning.reports.shelf import Shelf
from geo_server.planning.reports.working import work_off
from layers.areas.scope import visit_whole
from layers.database import SERVER, as_role, engine_for
from tests.geo_server.planning.reports.conftest import Place

pytestmark = pytest.mark.anyio


async def ask(place: Place, form: Format) -> int:
    args = asked_of(Wanted(format=form, language="ru", purpose="situation"), place.planner)
    async with visit_whole(place.engine) as session:
        return await jobs.ask(session, place.planner, REPORT, msgspec.to_builtins(args))


async def job(place: Place, job_id: int) -> Job:
    async with visit_whole(place.engine) as session:
        found = await jobs.find(session, place.planner, job_id)
    assert found is not None
    return found


def process(keeper: JobKeeper) -> Process | None:
    return keeper.process


async def test_what_waits_is_made_by_a_server_that_sees_only_its_scope(
    place: Place, database_url: str, tmp_path: Path
) -> None:
    shelf = Shelf.under(tmp_path)
    first, second = await ask(place, "html"), await ask(place, "gpkg")
    server = engine_for(as_role(database_url, SERVER), size=4)
    try:
        assert await work_off(server, shelf) == 2
    finally:
        await server.dispose()
    for job_id, form in ((first, "html"), (second, "gpkg")):
        told, made = await job(place, job_id), shelf.find(job_id, form)  # type: ignore[arg-type]
        assert (told.outcome, told.done) == ("done", told.total) and made is not None and made.bytes > 1000
    assert "Медеу" in shelf.place(first, "html").read_text(encoding="utf-8")


async def test_one_that_is_called_off_leaves_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ask(place, "gpkg")
    told = working._Telling.tell

    async def call_off(self: working._Telling, done: int, total: int) -> None:
        if done == 2:
            async with visit_whole(place.engine) as session:
                await jobs.cancel(session, job_id)
        await told(self, done, total)

    monkeypatch.setattr(working._Telling, "tell", call_off)
    assert await work_off(place.engine, Shelf.under(tmp_path)) == 0
    assert (await job(place, job_id)).outcome == "cancelled"
    assert not list((tmp_path / "reports").iterdir())


async def test_one_that_cannot_be_made_fails_and_the_next_is_made(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await ask(place, "pdf"), await ask(place, "parquet")

    def broken(_: str) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr("geo_server.planning.reports.making.printed", broken)
    assert await work_off(place.engine, Shelf.under(tmp_path)) == 1
    assert ((await job(place, bad)).outcome, (await job(place, good)).outcome) == ("failed", "done")
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [f"{good}.parquet"]


async def test_the_server_has_it_made_beside_itself(place: Place, database_url: str, tmp_path: Path) -> None:
    keeper = report_keeper(place.engine, database_url, tmp_path)
    await keeper.look()
    assert process(keeper) is None  # nothing waits
    job_id = await ask(place, "parquet")
    await keeper.look()
    begun = process(keeper)
    assert begun is not None and await asyncio.wait_for(begun.wait(), 60) == 0
    assert (await job(place, job_id)).outcome == "done" and Shelf.under(tmp_path).find(job_id, "parquet") is not None
