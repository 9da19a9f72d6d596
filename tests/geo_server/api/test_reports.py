"""A planner asks for a report, follows it, and takes it home; another area finds neither it nor its file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning.reports.shelf import Shelf
from geo_server.planning.reports.working import work_off

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
HERE = "/api/coverage/reports"


class Town(Protocol):
    engine: AsyncEngine
    app: FastAPI

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def test_a_report_is_asked_for_made_and_taken_home(town: Town, as_: As, tmp_path: Path) -> None:
    planner, local = as_("planner"), as_("local commander")
    asked = await planner.post(HERE, json={"format": "parquet"})
    assert asked.status_code == 202 and asked.json()["file"] is None, asked.text
    job_id = asked.json()["job"]["id"]
    assert (await planner.post(HERE, json={"format": "parquet"})).json()["job"]["id"] == job_id  # under way already
    early = await planner.get(f"{HERE}/{job_id}/file")
    assert (early.status_code, early.json()["code"]) == (409, "report_not_ready")
    assert await work_off(town.engine, Shelf.under(tmp_path)) == 1
    (told,) = (await planner.get(HERE)).json()["reports"]
    assert told["job"]["outcome"] == "done" and told["file"]["bytes"] > 0
    taken = await planner.get(f"{HERE}/{job_id}/file")
    assert taken.status_code == 200 and taken.content.startswith(b"PAR1")
    assert told["file"]["name"] in taken.headers["content-disposition"]
    assert (await local.get(f"{HERE}/{job_id}/file")).json()["code"] == "no_such_report"  # it tells of other districts
    assert (await local.get(HERE)).json()["reports"] == []
    entries = await town.sql("SELECT operation FROM audit WHERE operation LIKE 'coverage.%' ORDER BY id")
    told_of = [row.operation for row in entries]
    assert told_of.count("coverage.report") == 2 and told_of.count("coverage.take_report") >= 2
    Shelf.under(tmp_path).place(job_id, "parquet").unlink()
    gone = await planner.get(f"{HERE}/{job_id}/file")
    assert (gone.status_code, gone.json()["code"]) == (404, "report_gone")
    assert (await planner.get(HERE)).json()["reports"][0]["file"] is None


async def test_an_area_below_is_reported_and_one_beside_is_not(town: Town, as_: As) -> None:
    areas = {row.code: row.id for row in await town.sql("SELECT code, id FROM area")}
    below = await as_("planner").post(HERE, json={"format": "html", "area_id": areas["KZ-75-MED"]})
    assert (below.status_code, below.json()["area"]["id"]) == (202, areas["KZ-75-MED"])
    assert len((await as_("local commander").get(HERE)).json()["reports"]) == 1  # it is of their own area
    beside = await as_("local commander").post(HERE, json={"format": "html", "area_id": areas["KZ"]})
    assert (beside.status_code, beside.json()["code"]) == (404, "no_such_area")


async def test_a_report_that_is_called_off_is_not_made(town: Town, as_: As, tmp_path: Path) -> None:
    job_id = (await as_("planner").post(HERE, json={"format": "html"})).json()["job"]["id"]
    assert (await as_("planner").delete(f"/api/jobs/{job_id}")).status_code == 204
    assert await work_off(town.engine, Shelf.under(tmp_path)) == 0
    (told,) = (await as_("planner").get(HERE)).json()["reports"]
    assert told["job"]["outcome"] == "cancelled" and told["file"] is None
    assert (await as_("planner").get(f"{HERE}/{job_id}/file")).json()["code"] == "report_gone"


async def test_more_than_can_be_made_soon_are_refused(town: Town, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_server.api.reports.MOST_WAITING", 1)
    assert (await as_("planner").post(HERE, json={"format": "html"})).status_code == 202
    refused = await as_("planner").post(HERE, json={"format": "pdf"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_reports")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"format": "docx"}, 400), ({"format": "html", "purpose": "beauty"}, 404), ({"format": "html", "x": 1}, 400)],
    ids=["no such format", "no such purpose", "a slip of the pen"],
)
async def test_what_cannot_be_made_is_refused(town: Town, as_: As, wrong: dict[str, Any], status: int) -> None:
    assert (await as_("planner").post(HERE, json=wrong)).status_code == status


async def test_who_may_not_plan_is_refused(town: Town, as_: As) -> None:
    assert (await as_("dispatcher").post(HERE, json={"format": "html"})).status_code == 403
    assert (await as_("dispatcher").get(HERE)).status_code == 403
    assert (await as_("dispatcher").get(f"{HERE}/1/file")).status_code == 403
    assert (await as_("planner").get(f"{HERE}/1/file")).json()["code"] == "no_such_report"
