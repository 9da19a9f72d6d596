"""Plans over HTTP: an incident's own with its checklist, its version for ever, and the regime that holds above it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.operations.catalogue import DATA, catalogue
from geo_server.operations.content import plain
from geo_server.plans import versions

pytestmark = pytest.mark.anyio
WHOLE = plain(catalogue().content)


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    engine: AsyncEngine
    app: Any
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def opened(town: Town, as_: As, category: str = "fire", **more: Any) -> int:
    new = {"category": category, "place": town.at(10, 10)} | more
    answer = await as_("dispatcher").post("/api/incidents", json=new)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def plan(as_: As, incident: int, who: str = "dispatcher") -> dict[str, Any]:
    answer = await as_(who).get(f"/api/incidents/{incident}/plan")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def loaded(town: Town) -> int:
    assert await versions.load_files(town.app.state.engine)
    return int((await town.sql("SELECT max(id) AS id FROM plan_version"))[0].id)


async def put(as_: As, based_on: int, change: Callable[[Any], Any], who: str = "administrator") -> httpx.Response:
    content = copy.deepcopy(WHOLE)
    change(content)
    new = {"content": content, "note": "as the order says", "based_on": based_on}
    return await as_(who).put("/api/plans", json=json.loads(json.dumps(new)))


async def area(town: Town, code: str) -> int:
    return int((await town.sql("SELECT id FROM area WHERE code = :code", code=code))[0].id)


def units(found: dict[str, Any]) -> dict[str, int]:
    total: dict[str, int] = {}
    for need in found["needs"]:
        total[need["service"]] = total.get(need["service"], 0) + need["count"]
    return total


async def kinds_told(town: Town, incident: int) -> list[str]:
    rows = await town.sql("SELECT kind FROM incident_entry WHERE incident_id = :id ORDER BY id", id=incident)
    return [row.kind for row in rows]


async def test_a_plan_says_what_to_do_and_why(town: Town, as_: As) -> None:
    found = await plan(as_, await opened(town, as_))
    assert (found["alarm"], found["regime"], found["urgency"], found["version"]) == (1, "everyday", "I", 0)
    assert units(found)["fire"] == 2 and units(found)["ambulance"] >= 1
    assert found["questions"][0]["title"]["ru"] and found["because"][0]["en"].startswith("Plan “Fire”")
    on_scene = [t["seconds"] for t in found["clocks"] if (t["clock"], t["service"]) == ("on_scene", "ambulance")]
    assert on_scene == [600]
    assert (await as_("stranger").get(f"/api/incidents/{found['incident_id']}/plan")).status_code == 404


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("place", "'hospital', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"),
        ("place", "'tunnel', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"),
        ("landcover", "'industrial', ST_Multi(ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 0.0005))"),
    ],
)
async def test_a_plan_reacts_to_what_stands_around(town: Town, as_: As, table: str, row: str) -> None:
    before = await plan(as_, await opened(town, as_))
    asked = f"INSERT INTO {table} (osm_id, name, kind, geom) SELECT 1, 'Алатау', " + row
    await town.sql(asked, **town.at(60, 10))
    same_spot = await plan(as_, await opened(town, as_))
    assert units(same_spot) == units(before), "what stands around a spot is looked at once a minute"
    found = await plan(as_, await opened(town, as_, place=town.at(11, 10)))
    assert sum(units(found).values()) > sum(units(before).values())
    (near,) = [reason for reason in found["because"] if "Алатау" in reason["kk"]]  # by night there is one more
    assert near["en"] and len(found["because"]) == len(before["because"]) + 1
    far = await plan(as_, await opened(town, as_, place=town.at(-400, -400)))
    assert len(far["because"]) == len(before["because"])


async def test_an_alarm_is_called_once_and_told(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    before = await plan(as_, incident)
    called = {"level": 2, "reason": "The roof burns"}
    for _ in range(2):
        answer = await as_("dispatcher").post(f"/api/incidents/{incident}/alarm", json=called)
        assert answer.status_code == 200, answer.text
    assert units(answer.json())["fire"] > units(before)["fire"] and answer.json()["alarm"] == 2
    assert (await kinds_told(town, incident)).count("alarm") == 1
    assert (await as_("dispatcher").get(f"/api/incidents/{incident}")).json()["alarm"] == 2
    for level, code in ((4, "no_such_alarm"), (6, "bad_request"), (0, "bad_request")):
        body = {"level": level, "reason": "more"}
        refused = await as_("dispatcher").post(f"/api/incidents/{incident}/alarm", json=body)
        assert (refused.status_code, refused.json()["code"]) == (400, code)


async def test_another_category_brings_its_plan_priority_and_urgency(town: Town, as_: As) -> None:
    incident = await opened(town, as_, "gas_explosion")
    await as_("dispatcher").post(f"/api/incidents/{incident}/alarm", json={"level": 2, "reason": "big"})
    await as_("dispatcher").post(f"/api/incidents/{incident}/category", json={"category": "noise", "reason": "a party"})
    body = {"category": "child_fever", "reason": "The mother says so"}
    answer = await as_("dispatcher").post(f"/api/incidents/{incident}/category", json=body)
    found = answer.json()
    assert (found["category"], found["priority"], found["urgency"], found["alarm"]) == ("child_fever", 3, "III", 2)
    assert [t["seconds"] for t in found["clocks"] if t["clock"] == "on_scene"] == [1800]
    assert (await kinds_told(town, incident)).count("category") == 2
    urgent = await as_("dispatcher").post(f"/api/incidents/{incident}/category", json=body | {"urgency": "I"})
    assert urgent.json()["urgency"] == "I"
    await as_("dispatcher").post(f"/api/incidents/{incident}/category", json=body | {"priority": 1})
    hastened = (await as_("dispatcher").get(f"/api/incidents/{incident}")).json()
    assert (hastened["priority"], hastened["urgency"]) == (1, "I"), "what was said of it stays"
    await as_("dispatcher").post(f"/api/incidents/{incident}/category", json=body | {"urgency": "II"})
    asked = "SELECT priority, priority_said, urgency FROM incident WHERE id = :id"
    assert (await town.sql(asked, id=incident))[0] == (1, True, "II"), "another urgency lowers no priority"
    lines = await kinds_told(town, incident)
    await as_("dispatcher").post(f"/api/incidents/{incident}/category", json=body)
    assert await kinds_told(town, incident) == lines, "the same again changes nothing"
    refused = await as_("dispatcher").post(f"/api/incidents/{incident}/category", json=body | {"category": "dragon"})
    assert refused.json()["code"] == "no_such_category"


async def test_what_is_ticked_stays_and_says_who(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    item = (await plan(as_, incident))["checklist"][3]["item"]
    for done in (True, True, False, True):
        body = {"item": item, "done": done}
        answer = await as_("dispatcher").post(f"/api/incidents/{incident}/checklist", json=body)
        assert answer.status_code == 200, answer.text
    ticked = [step for step in (await plan(as_, incident, "commander"))["checklist"] if step["done"]]
    assert [(step["item"], step["who"]) for step in ticked] == [(item, "dispatcher")]
    assert (await kinds_told(town, incident)).count("checklist") == 3
    refused = await as_("dispatcher").post(f"/api/incidents/{incident}/checklist", json={"item": "fire.dance"})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_step")
    assert (await as_("planner").post(f"/api/incidents/{incident}/checklist", json={"item": item})).status_code == 403


async def test_a_closed_incident_s_plan_is_only_read(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    assert (await as_("dispatcher").post(f"/api/incidents/{incident}/close", json={})).status_code in (200, 400)
    await town.sql("UPDATE incident SET state = 'closed', closed_at = now() WHERE id = :id", id=incident)
    for what, body in (
        ("alarm", {"level": 2, "reason": "x"}),
        ("category", {"category": "smoke", "reason": "x"}),
        ("checklist", {"item": "fire.doors"}),
    ):
        refused = await as_("dispatcher").post(f"/api/incidents/{incident}/{what}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "incident_closed")
    await plan(as_, incident)


# ── versions ──


async def test_the_files_become_the_first_version_and_only_once(town: Town, as_: As) -> None:
    first = await loaded(town)
    assert not await versions.load_files(town.app.state.engine)
    found = (await as_("planner").get("/api/plans")).json()
    assert found["version"]["id"] == first and found["version"]["from_files"] and not found["files_differ"]
    assert found["content"] == json.loads(json.dumps(WHOLE))


async def test_files_that_changed_follow_files_and_never_overwrite_an_edit(town: Town, as_: As, tmp_path: Path) -> None:
    first = await loaded(town)
    new = tmp_path / "data"
    new.mkdir()
    for file in DATA.glob("*.json"):
        (new / file.name).write_bytes(file.read_bytes())
    (new / "plans").symlink_to(DATA / "plans")
    text = (new / "groups.json").read_text(encoding="utf-8").replace("Fire service, 101", "Fire brigade, 101")
    (new / "groups.json").write_text(text, encoding="utf-8")
    assert await versions.load_files(town.app.state.engine, new)
    edited = await put(as_, first + 1, lambda raw: raw["plans"]["fire"].update(cameras_radius_m=999))
    assert edited.status_code == 200, edited.text
    assert not await versions.load_files(town.app.state.engine)
    assert (await as_("planner").get("/api/plans")).json()["files_differ"]
    back = {"from_files": True, "note": "the new order", "based_on": edited.json()["version"]["id"]}
    taken = await as_("administrator").put("/api/plans", json=back)
    assert taken.json()["changed"] == ["plans.fire"] and taken.json()["version"]["from_files"]
    every = (await as_("administrator").get("/api/plans/versions")).json()["versions"]
    assert [version["made_by"] for version in every] == ["administrator", "administrator", "data/", "data/"]


@pytest.mark.parametrize(("broken", "where"), [("{", "data/"), ('{"fire": {}}', "groups.")])
async def test_broken_files_are_told_and_the_plans_in_force_are_still_read(
    town: Town, as_: As, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, where: str
) -> None:
    first = await loaded(town)
    new = tmp_path / "data"
    new.mkdir()
    for file in DATA.glob("*.json"):
        (new / file.name).write_bytes(file.read_bytes())
    (new / "plans").symlink_to(DATA / "plans")
    (new / "groups.json").write_text(broken, encoding="utf-8")
    read = versions.of_files
    monkeypatch.setattr(versions, "of_files", lambda: read(new))
    found = await as_("planner").get("/api/plans")
    assert found.status_code == 200 and found.json()["version"]["id"] == first
    (fault, *_) = found.json()["files_faults"]
    assert fault["where"].startswith(where) and set(fault["problem"]) == {"kk", "ru", "en"}
    back = {"from_files": True, "note": "the new order", "based_on": first}
    refused = await as_("administrator").put("/api/plans", json=back)
    body = refused.json()
    assert (refused.status_code, body["code"]) == (409, "wrong_plan_files")
    assert set(body["message"]) == {"kk", "ru", "en"} and body["details"]["faults"][0]["where"] == fault["where"]


async def test_kinds_that_only_a_regime_asks_for_are_told_where_nobody_has_them(town: Town, as_: As) -> None:
    await loaded(town)
    content = json.loads(json.dumps(WHOLE))
    parts = [part for one in content["plans"].values() for part in one["levels"]] + list(content["reactions"].values())
    for need in (need for part in parts for need in part["needs"]):
        need["kinds"] = need["skills"] = []
    asked = {"service": "fire", "count": 1, "kinds": ["ladder"], "skills": ["water_rescue"]}
    content["regimes"]["emergency"]["strains"][0]["needs"] = [asked]
    found = (await as_("administrator").post("/api/plans/check", json={"content": content})).json()
    assert found["faults"] == [] and "ladder" in found["kinds_nobody_has"], found["faults"]
    assert "water_rescue" in found["skills_nobody_has"]


async def test_what_only_a_retired_unit_is_or_can_do_nobody_has(town: Town, as_: As) -> None:
    first = await loaded(town)
    skilled = "UPDATE unit SET kind = 'old_ladder', skills = '{divers}' WHERE id = :id"
    await town.sql(skilled, id=town.units["102-0"])
    content = json.loads(json.dumps(WHOLE))
    asked = {"service": "police", "count": 1, "kinds": ["old_ladder"], "skills": ["divers"]}
    content["plans"]["fire"]["levels"][0]["needs"].append(asked)

    async def lacking() -> tuple[bool, bool]:
        answer = await as_("administrator").post("/api/plans/check", json={"content": content})
        found = answer.json()
        assert found["faults"] == [], "a plan that stands may go on naming what was in use"
        return "old_ladder" in found["kinds_nobody_has"], "divers" in found["skills_nobody_has"]

    assert await lacking() == (False, False)
    await town.sql("UPDATE unit SET retired_at = now(), duty = 'off' WHERE id = :id", id=town.units["102-0"])
    assert await lacking() == (True, True)
    kept = {"content": content, "note": "as the order says", "based_on": first}
    assert (await as_("administrator").put("/api/plans", json=kept)).status_code == 200


async def test_an_open_incident_keeps_its_version_when_its_category_is_taken_out(town: Town, as_: As) -> None:
    first = await loaded(town)
    incident, event = await opened(town, as_, "noise"), await town.event("outside", details='{"category": "noise"}')
    before = await plan(as_, incident)
    gone = await put(as_, first, lambda raw: (raw["categories"].pop("noise"), raw["plans"].pop("noise")))
    assert gone.json()["changed"] == ["categories.noise", "plans.noise"]
    assert await plan(as_, incident) == before and before["version"] == first
    new = {"category": "noise", "place": town.at(10, 10)}
    refused = await as_("dispatcher").post("/api/incidents", json=new)
    assert (refused.status_code, refused.json()["code"]) == (400, "no_such_category")
    assert "noise" not in (await as_("dispatcher").get("/api/map")).json()["categories"]
    joins = await as_("dispatcher").post(f"/api/events/{event}/confirm", json={"join": None, "category": "noise"})
    assert joins.json()["code"] == "no_such_category"
    later = await opened(town, as_, "theft")
    assert (await plan(as_, later))["version"] == gone.json()["version"]["id"]


async def test_whatever_way_an_incident_is_opened_the_newest_version_is_its_own(town: Town) -> None:
    first = await loaded(town)
    row = """INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
        VALUES ('26-x', 'fire', 1, 'pending', now(), 'x', ST_SetSRID(ST_MakePoint(76.9, 43.2), 4326))
        RETURNING plan_version_id, alarm"""
    ((version, alarm),) = await town.sql(row)
    assert (version, alarm) == (first, 1)


async def test_a_version_is_never_rewritten(town: Town) -> None:
    await loaded(town)
    for statement in ("UPDATE plan_version SET note = 'x'", "DELETE FROM plan_version"):
        with pytest.raises(Exception, match="only ever followed by another"):
            await town.sql(statement)


async def test_a_plan_that_asks_for_what_does_not_exist_is_refused_with_where(town: Town, as_: As) -> None:
    first = await loaded(town)
    refused = await put(
        as_, first, lambda raw: raw["plans"]["fire"]["levels"][0]["needs"][0].update(kinds=["dragon"], service="fire")
    )
    body = refused.json()
    assert (refused.status_code, body["code"]) == (400, "wrong_plans")
    assert body["details"]["faults"][0]["where"] == "plans.fire.levels[0].needs[0].kinds"
    assert "plans.fire.levels[0].needs[0].kinds" in body["message"]["kk"]
    assert (await town.sql("SELECT count(*) AS n FROM plan_version"))[0].n == 1


async def test_a_content_is_checked_without_being_written(town: Town, as_: As) -> None:
    await loaded(town)
    content = json.loads(json.dumps(WHOLE))
    content["plans"]["fire"]["cameras_radius_m"] = 1
    found = (await as_("administrator").post("/api/plans/check", json={"content": content})).json()
    assert (found["faults"], found["changed"]) == ([], ["plans.fire"]) and "ladder" in found["kinds_nobody_has"]
    content["plans"]["fire"]["levels"][0]["needs"][0]["service"] = "navy"
    found = (await as_("administrator").post("/api/plans/check", json={"content": content})).json()
    assert [fault["where"] for fault in found["faults"]] == ["plans.fire.levels[0].needs[0].service"]
    assert (await town.sql("SELECT count(*) AS n FROM plan_version"))[0].n == 1


async def test_plans_are_changed_by_an_administrator_of_the_top_and_not_over_another_s_change(
    town: Town, as_: As
) -> None:
    first = await loaded(town)

    def change(raw: Any) -> None:
        raw["plans"]["fire"]["cameras_radius_m"] = 1

    for who, code in (("dispatcher", "not_your_role"), ("commander", "not_your_role")):
        assert (await put(as_, first, change, who)).json()["code"] == code
    assert (await put(as_, first, change, "local administrator")).json()["code"] == "not_top_area"
    assert (await put(as_, first, change)).status_code == 200
    late = await put(as_, first, change)
    assert (late.status_code, late.json()["code"]) == (409, "plans_changed")
    neither = await as_("administrator").put("/api/plans", json={"note": "x", "based_on": first})
    assert neither.status_code == 400


async def test_windows_hear_of_a_new_version_with_the_regime(town: Town, as_: As) -> None:
    first = await loaded(town)
    edited = await put(as_, first, lambda raw: raw["plans"]["fire"].update(cameras_radius_m=999))
    newest = edited.json()["version"]["id"]
    for path in ("/api/regime", "/api/map"):
        assert (await as_("dispatcher").get(path)).json()["plans"] == newest


async def test_the_map_gives_the_windows_what_an_incident_is_opened_from(town: Town, as_: As) -> None:
    answer = await as_("dispatcher").get("/api/map")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    fire = told["categories"]["fire"]
    assert fire["units"] == {"fire": 2, "ambulance": 1} and fire["group"] in told["groups"]
    assert set(fire["asks"]) <= set(told["questions"]) and told["services"]["gas"]["number"] == "104"
    assert set(told["regimes"]) == {"everyday", "raised", "emergency"} and told["unit_kinds"]["ladder"]["title"]["ru"]


# ── regimes ──


async def test_a_regime_above_holds_below_and_the_strictest_counts(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    before = await plan(as_, incident)
    republic, almaty, medeu = [await area(town, code) for code in ("KZ", "KZ-75", "KZ-75-MED")]
    for who, of, name in (("commander", almaty, "emergency"), ("local commander", medeu, "raised")):
        new = {"area_id": of, "name": name, "reason": "An earthquake"}
        answer = await as_(who).put("/api/regime", json=new)
        assert answer.status_code == 200, answer.text
    found = (await as_("dispatcher").get("/api/regime")).json()
    assert (found["name"], found["by"]["area"]["code"], found["by"]["reason"]) == (
        "emergency",
        "KZ-75",
        "An earthquake",
    )
    strict = await plan(as_, incident)
    assert strict["regime"] == "emergency" and sum(units(strict).values()) > sum(units(before).values())
    assert (await kinds_told(town, incident)).count("regime") == 2
    assert (await as_("commander").get(f"/api/regime?area_id={republic}")).json()["name"] == "everyday"
    await as_("commander").put("/api/regime", json={"area_id": almaty, "name": "everyday", "reason": "It is over"})
    assert (await plan(as_, incident))["regime"] == "raised"


async def test_a_regime_is_set_at_or_below_one_s_area_by_a_commander(town: Town, as_: As) -> None:
    almaty, medeu = await area(town, "KZ-75"), await area(town, "KZ-75-MED")
    new = {"area_id": medeu, "name": "raised", "reason": "A storm is coming"}
    assert (await as_("dispatcher").put("/api/regime", json=new)).json()["code"] == "not_your_role"
    above = await as_("local commander").put("/api/regime", json=new | {"area_id": almaty})
    assert (above.status_code, above.json()["code"]) == (404, "no_such_area")
    assert (await as_("local commander").put("/api/regime", json=new)).status_code == 200
    stranger = (await as_("stranger").get("/api/regime")).json()
    assert stranger["name"] == "everyday" and stranger["every"] == []
    assert (await as_("stranger").get(f"/api/regime?area_id={medeu}")).json()["code"] == "no_such_area"
    told = await town.sql("SELECT details FROM audit WHERE operation = 'regime.set' AND outcome = 'done'")
    assert [row.details["reason"] for row in told] == ["A storm is coming"]


async def test_the_same_regime_again_tells_nobody(town: Town, as_: As) -> None:
    incident, medeu = await opened(town, as_), await area(town, "KZ-75-MED")
    for _ in range(2):
        new = {"area_id": medeu, "name": "raised", "reason": "A storm"}
        assert (await as_("commander").put("/api/regime", json=new)).status_code == 200
    assert (await kinds_told(town, incident)).count("regime") == 1
    assert (await town.sql("SELECT count(*) AS n FROM regime"))[0].n == 1
