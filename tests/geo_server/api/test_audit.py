"""The audit is searched and taken away by those who answer for the area, and that is itself written down."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import Request

from geo_server.access.current import any_session
from geo_server.access.schema import OpenSession
from geo_server.api.audit import COLUMNS, as_csv
from geo_server.audit import record
from geo_server.audit.schema import Entry, Told
from layers.database import visit
from layers.values import Role, Title
from tests.geo_server.api.conftest import As, Town

pytestmark = pytest.mark.anyio
ABOVE = {"x-who": "commander"}
DISTRICT = {"x-who": "dispatcher", "x-role": "commander"}
Ask = Callable[..., Any]


@pytest.fixture
async def people(town: Town, as_: As) -> httpx.AsyncClient:
    """A client whose headers say who asks, with which role, and whether the step-up is too old."""
    plain = town.app.dependency_overrides[any_session]

    def who(request: Request) -> OpenSession:
        asked: OpenSession = plain(request)
        role = Role(request.headers.get("x-role", asked.account.role))
        stepped_up_at = None if "x-stale" in request.headers else asked.stepped_up_at
        return replace(asked, account=replace(asked.account, role=role), stepped_up_at=stepped_up_at)

    town.app.dependency_overrides[any_session] = who
    return as_("commander")


async def write(town: Town, code: str | None, **more: Any) -> int:
    area_id = code and (await town.sql("SELECT id FROM area WHERE code = :code", code=code))[0][0]
    async with visit(town.engine) as session:
        entry = Entry(operation="units.order", who="Асхат", area_id=area_id or None)
        return await record.write(session, replace(entry, **more))


async def test_an_act_is_found_with_all_that_is_known_of_it(town: Town, people: httpx.AsyncClient) -> None:
    phone = {"caller_phone": "+77012345678"}
    more: dict[str, Any] = {"role": Role.COMMANDER, "layer": "units", "object_id": 7, "origin": "10.0.0.7"}
    why = {"kind": "incident", "incident_id": 5}
    entry_id = await write(town, "KZ-75-MED", **more, purpose=why, details={"to": "north"}, personal=phone)
    answer = await people.get("/api/audit", headers=DISTRICT)
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()["entries"]
    assert told.pop("at").endswith("Z") and set(told["area"].pop("name")) == {"kk", "ru", "en"}
    assert told.pop("area")["id"] > 0
    assert told == {
        "id": entry_id, "who": "Асхат", "role": "commander", "operation": "units.order", "outcome": "done",
        "code": None, "layer": "units", "object_id": 7, "purpose": why, "origin": "10.0.0.7",
        "details": {"to": "north"},
    }  # fmt: skip
    assert phone["caller_phone"] not in answer.text


async def test_a_district_does_not_see_what_was_done_beside_or_above_it(town: Town, people: httpx.AsyncClient) -> None:
    own = await write(town, "KZ-75-MED")
    others = [await write(town, code) for code in ("KZ-75", "KZ-71", None)]
    assert [told["id"] for told in (await people.get("/api/audit", headers=DISTRICT)).json()["entries"]] == [own]
    above = (await people.get("/api/audit", headers=ABOVE, params={"operation": "units.order"})).json()["entries"]
    assert [told["id"] for told in above] == [*reversed(others), own]
    assert above[0]["area"] is None, "nobody had come in yet"


async def test_searching_is_found_by_the_next_search_with_what_was_asked(town: Town, people: httpx.AsyncClient) -> None:
    await people.get("/api/audit", headers=DISTRICT, params={"who": "Асхат", "limit": 7})
    (told,) = (await people.get("/api/audit", headers=DISTRICT, params={"operation": "audit.search"})).json()["entries"]
    assert (told["who"], told["layer"], told["outcome"]) == ("dispatcher", "audit", "done")
    assert told["details"] == {"who": "Асхат", "limit": 7, "found": 0}


async def test_filters_narrow_and_pages_follow_each_other(town: Town, people: httpx.AsyncClient) -> None:
    ids = [await write(town, "KZ-75", object_id=n, layer="units") for n in range(1, 6)]
    page = (await people.get("/api/audit", headers=ABOVE, params={"layer": "units", "limit": 3})).json()
    assert [told["id"] for told in page["entries"]] == ids[:1:-1] and page["next"] == ids[2]
    rest = await people.get("/api/audit", headers=ABOVE, params={"layer": "units", "limit": 3, "after": page["next"]})
    assert [told["id"] for told in rest.json()["entries"]] == ids[1::-1] and rest.json()["next"] is None
    one = await people.get("/api/audit", headers=ABOVE, params={"object_id": 4, "outcome": "done"})
    assert [told["id"] for told in one.json()["entries"]] == [ids[3]]
    soon = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert (await people.get("/api/audit", headers=ABOVE, params={"from": soon})).json()["entries"] == []
    until = (await people.get("/api/audit", headers=ABOVE, params={"to": soon, "layer": "units"})).json()["entries"]
    assert len(until) == 5


async def test_a_search_that_is_not_clear_is_refused(people: httpx.AsyncClient) -> None:
    unclear: list[dict[str, Any]] = [{"since": "x"}, {"from": "yesterday"}, {"limit": 501}, {"object_id": 2**63}]
    for asked in [*unclear, {"outcome": "x"}, {"who": "\0"}]:
        assert (await people.get("/api/audit", headers=ABOVE, params=asked)).status_code == 400, asked


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/export"])
async def test_a_dispatcher_and_a_planner_do_not_read_it_and_that_they_tried_is_written(
    path: str, town: Town, people: httpx.AsyncClient
) -> None:
    for who in ("dispatcher", "planner"):
        refused = await people.get(path, headers={"x-who": who})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_role")
    told = await town.sql("SELECT who, outcome, code FROM audit ORDER BY id")
    assert [tuple(row) for row in told] == [
        ("dispatcher", "refused", "not_your_role"),
        ("planner", "refused", "not_your_role"),
    ]


async def test_an_export_asks_for_a_step_up(people: httpx.AsyncClient) -> None:
    refused = await people.get("/api/audit/export", headers={**ABOVE, "x-stale": "1"})
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_needed")


async def test_an_export_is_a_file_with_the_same_entries(town: Town, people: httpx.AsyncClient) -> None:
    ids = [await write(town, "KZ-75-MED", who="Әсел", details={"n": n}) for n in range(3)]
    await write(town, "KZ-75", who="Әсел")
    answer = await people.get("/api/audit/export", headers=DISTRICT, params={"who": "Әсел", "language": "en"})
    assert (
        answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [int(row["id"]) for row in rows] == ids[::-1]
    assert (rows[0]["who"], rows[0]["details"], rows[0]["at"][-1]) == ("Әсел", '{"n": 2}', "Z")
    ((told,),) = await town.sql("SELECT details FROM audit WHERE operation = 'audit.export'")
    assert told["found"] == 3


def test_a_formula_in_an_entry_is_text_in_the_file() -> None:
    name = Title(kk="а", ru="б", en="c")
    told = Told(
        id=1, at=datetime(2026, 1, 2, tzinfo=UTC), who="=HYPERLINK(1)", role=None, area_id=3, area_name=name,
        operation="x", outcome="done", code=None, layer="-1", object_id=-5, purpose=None, origin="@x", details={},
    )  # fmt: skip
    head, row = csv.reader(io.StringIO(as_csv([told], "kk").decode("utf-8-sig")))
    assert tuple(head) == COLUMNS
    assert row[:7] == ["1", "2026-01-02T00:00:00.000000Z", "'=HYPERLINK(1)", "", "3", "а", "x"]
    assert row[7:] == ["done", "", "'-1", "-5", "", "'@x", "{}"]
