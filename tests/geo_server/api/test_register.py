"""A planner takes a file into the register, edits an entry, reads its history and takes the register home."""

from collections.abc import Callable
from typing import Any, Protocol

import httpx
import openpyxl
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.register.working import work_off
from layers.values import LonLat

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]


class Town(Protocol):
    engine: AsyncEngine
    middle: LonLat
    elsewhere: LonLat

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def table(town: Town, *codes: str, owner: str = "ТОО Глаз") -> bytes:
    rows = [f"{code};{town.at(50 * n, 0)['lat']};{town.at(50 * n, 0)['lon']};{owner}" for n, code in enumerate(codes)]
    return "\n".join(["Код;Широта;Долгота;Владелец", *rows]).encode()


async def sent(client: httpx.AsyncClient, content: bytes, piece: int = 100) -> int:
    """Send a file, a piece at a time."""
    begun = await client.post("/api/register/imports", json={"file": "cameras.csv", "bytes": len(content)})
    assert begun.status_code == 201, begun.text
    at = begun.json()["id"]
    for n in range(0, len(content), piece):
        answer = await client.put(f"/api/register/imports/{at}/pieces/{n // piece}", content=content[n : n + piece])
        assert answer.status_code == 204, answer.text
    return int(at)


async def read(town: Town, client: httpx.AsyncClient, at: int, **choices: Any) -> dict[str, Any]:
    asked = await client.post(f"/api/register/imports/{at}/reading", json=choices)
    assert asked.status_code == 202 and asked.json()["state"] == "reading", asked.text
    await work_off(town.engine)
    return dict((await client.get(f"/api/register/imports/{at}")).json())


async def written(town: Town, client: httpx.AsyncClient, at: int, **decided: Any) -> dict[str, Any]:
    asked = await client.post(f"/api/register/imports/{at}/writing", json=decided)
    assert asked.status_code == 202, asked.text
    await work_off(town.engine)
    return dict((await client.get(f"/api/register/imports/{at}")).json())


async def test_a_file_is_sent_in_pieces_read_shown_and_written(town: Town, as_: As) -> None:
    planner = as_("planner")
    at = await sent(planner, table(town, "A-1", "A-2", "A-1", "A-4") + b"\nA-5;;;x")
    found = await read(town, planner, at)
    assert found["state"] == "ready" and found["job"]["outcome"] == "done", found
    assert {name: found["counts"][name] for name in ("rows", "good", "refused")} == {"rows": 5, "good": 3, "refused": 2}
    assert found["choices"]["mapping"]["Широта"] == "lat" and found["sample"][0][0] == "A-1"
    refused = (await planner.get(f"/api/register/imports/{at}/rows", params={"which": "refused"})).json()["rows"]
    assert [(row["line"], row["refused"]["code"]) for row in refused] == [(4, "code_twice"), (6, "no_place")]
    done = await written(town, planner, at)
    assert (done["state"], done["counts"]["added"]) == ("done", 3)
    page = (await planner.get("/api/register/cameras", params={"limit": 2})).json()
    assert page["count"] == 3 and [one["code"] for one in page["entries"]] == ["A-1", "A-2"]
    rest = (await planner.get("/api/register/cameras", params={"after": page["after"]})).json()
    assert [one["code"] for one in rest["entries"]] == ["A-4"] and not rest["entries"][0]["streams"]


async def test_refused_rows_go_home_as_a_table_in_one_s_language_that_runs_no_formula(town: Town, as_: As) -> None:
    planner = as_("planner")
    at = await sent(planner, table(town, "A-1") + b"\n\"=cmd|' /C calc'!A0\";;;x")
    await read(town, planner, at)
    told = (await planner.get(f"/api/register/imports/{at}/refused", params={"language": "kk"})).text
    assert "Орны көрсетілмеген." in told and "'=cmd" in told and ",=cmd" not in told and '"=cmd' not in told


async def test_a_file_that_is_not_all_here_and_one_that_is_no_register_are_refused(town: Town, as_: As) -> None:
    planner = as_("planner")
    begun = (await planner.post("/api/register/imports", json={"file": "x", "bytes": 10})).json()
    answer = await planner.post(f"/api/register/imports/{begun['id']}/reading", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "file_incomplete")
    found = await read(town, planner, await sent(planner, bytes(range(256)) * 3))
    assert (found["state"], found["fault"]["code"], found["job"]["outcome"]) == ("failed", "unreadable", "failed")
    asked = await read(town, planner, await sent(planner, b"a;b\n1;2\n"))
    assert (
        asked["fault"]["code"] == "needs_place" and asked["columns"] == ["a", "b"] and asked["sample"] == [["1", "2"]]
    )


async def test_a_reading_that_is_called_off_ends_as_cancelled_and_can_be_asked_again(town: Town, as_: As) -> None:
    planner = as_("planner")
    at = await sent(planner, table(town, "A-1"))
    job = (await planner.post(f"/api/register/imports/{at}/reading", json={})).json()["job"]
    assert (await planner.delete(f"/api/jobs/{job['id']}")).status_code == 204
    await work_off(town.engine)
    found = (await planner.get(f"/api/register/imports/{at}")).json()
    assert (found["state"], found["job"]["outcome"]) == ("cancelled", "cancelled")
    assert (await read(town, planner, at))["state"] == "ready"
    assert (await planner.delete(f"/api/register/imports/{at}")).status_code == 204
    assert (await planner.get(f"/api/register/imports/{at}")).status_code == 404


async def test_another_district_neither_sees_a_file_nor_what_came_of_it(town: Town, as_: As) -> None:
    planner, local = as_("planner"), as_("local administrator")
    at = await sent(planner, table(town, "A-1"))
    assert (await local.get(f"/api/register/imports/{at}")).status_code == 404
    assert (await as_("dispatcher").get("/api/register/imports")).status_code == 403
    assert (await as_("commander").post("/api/register/imports", json={"file": "x", "bytes": 1})).status_code == 403


@pytest.fixture
async def entry(town: Town, as_: As) -> dict[str, Any]:
    planner = as_("planner")
    at = await sent(planner, table(town, "A-1"))
    await read(town, planner, at)
    await written(town, planner, at)
    return dict((await planner.get("/api/register/cameras")).json()["entries"][0])


async def test_an_entry_is_changed_by_who_plans_and_its_history_tells_it(
    town: Town, as_: As, entry: dict[str, Any]
) -> None:
    planner = as_("planner")
    told = {"class": "II", "modules": ["plate"], "owner": None, "facts": {"zone_width_m": 3.5}, "height_m": 6.25}
    asked = {"based_on": entry["version"], **told}
    changed = await planner.patch(f"/api/register/cameras/{entry['id']}", json=asked)
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in told} == told
    again = await planner.patch(f"/api/register/cameras/{entry['id']}", json=asked)
    assert (again.status_code, again.json()["code"]) == (409, "entry_changed")
    newest, first = (await planner.get(f"/api/register/cameras/{entry['id']}/changes")).json()["changes"]
    assert (newest["who"], first["act"], newest["changed"]["owner"]) == ("planner", "added", ["ТОО Глаз", None])
    assert newest["changed"]["class"] == [None, "II"]


async def test_what_an_entry_cannot_become_is_refused_with_the_reason(
    town: Town, as_: As, entry: dict[str, Any]
) -> None:
    at, local = f"/api/register/cameras/{entry['id']}", as_("local administrator")

    async def code(client: httpx.AsyncClient, **told: Any) -> str:
        return str((await client.patch(at, json={"based_on": entry["version"], **told})).json()["code"])

    assert await code(local, place={"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}) == "outside_your_area"
    assert await code(local, facts={"faces": 1}) == "no_such_fact"
    assert await code(local, code=None) == "bad_request" and await code(local) == "bad_request"
    await town.sql("UPDATE camera SET calibration = 'good' WHERE id = :id", id=entry["id"])
    assert await code(local, heading_deg=10) == "camera_calibrated"
    assert (await as_("stranger").get(at)).status_code == 403
    assert (await as_("commander").patch(at, json={"based_on": entry["version"], "owner": "x"})).status_code == 403


@pytest.mark.parametrize("format", ["csv", "xlsx", "geojson"])
async def test_what_is_taken_home_can_be_taken_in_again_and_is_known_again(
    town: Town, as_: As, entry: dict[str, Any], format: str
) -> None:
    planner = as_("planner")
    await town.sql("UPDATE camera SET owner = '=cmd()', facts = '{\"zone_width_m\": 3}', modules = '{person,plate}'")
    file = await planner.get("/api/register/export", params={"format": format})
    assert file.status_code == 200 and (b'"=cmd' not in file.content or format == "geojson")
    found = await read(town, planner, await sent(planner, file.content, 900_000))
    assert found["counts"]["twins"] == 1 and found["counts"]["refused"] == 0, found
    (row,) = (await planner.get(f"/api/register/imports/{found['id']}/rows", params={"which": "twins"})).json()["rows"]
    assert (row["twin"], row["twin_code"]) == ("code", "A-1")
    before = (await town.sql("SELECT to_jsonb(camera) - 'reach' FROM camera"))[0][0]
    assert (await written(town, planner, found["id"], duplicates="update"))["counts"]["changed"] == 1
    assert (await town.sql("SELECT to_jsonb(camera) - 'reach' FROM camera"))[0][0] == before


async def test_no_cell_of_the_workbook_is_a_formula(town: Town, as_: As, entry: dict[str, Any], tmp_path: Any) -> None:
    await town.sql("UPDATE camera SET owner = '=1+1'")
    file = await as_("planner").get("/api/register/export", params={"format": "xlsx"})
    (tmp_path / "x.xlsx").write_bytes(file.content)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    kinds = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds["=1+1"] == "s" and "f" not in kinds.values()


async def test_the_register_tells_what_it_holds_and_what_its_entries_lack(
    town: Town, as_: As, entry: dict[str, Any]
) -> None:
    told = (await as_("commander").get("/api/register")).json()
    assert (told["all"], told["incomplete"], told["streamless"]) == (1, 1, 1)
    assert told["owners"] == [{"name": "ТОО Глаз", "count": 1}] and "class" in told["lacking"]
    lacking = (await as_("planner").get("/api/register/cameras", params={"lacks": "class"})).json()
    assert lacking["count"] == 1
    assert (await as_("planner").get("/api/register/cameras", params={"lacks": "owner"})).json()["count"] == 0
