"""Clocks as people meet them: on the queue and the card, over their target on the timeline, in figures by area."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

from geo_server.clocks.keeping import ClockKeeper
from geo_server.operations import planning_ahead
from geo_server.operations.plans import Plan, plan_for

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    app: FastAPI
    units: dict[str, int]
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def look(town: Town, times: int = 1) -> None:
    for _ in range(times):
        await town.app.state.clocks.look()


async def opened(town: Town, as_: As, category: str = "medical") -> int:
    body = {"category": category, "place": town.at(10, 10)}
    answer = await as_("dispatcher").post("/api/incidents", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def card(as_: As, incident_id: int) -> dict[str, Any]:
    answer = await as_("dispatcher").get(f"/api/incidents/{incident_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def breaches(told: dict[str, Any]) -> list[tuple[str, str | None]]:
    lines = [line["details"] for line in told["timeline"] if line["kind"] == "clock_breached"]
    return [(line["clock"], line["service"]) for line in lines]


async def age(town: Town, incident_id: int, seconds: float) -> None:
    asked = "UPDATE incident SET opened_at = opened_at - make_interval(secs => :s) WHERE id = :id"
    await town.sql(asked, id=incident_id, s=seconds)


async def test_a_new_incident_runs_on_the_card_at_once_and_in_the_queue_once_it_is_kept(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    told = await card(as_, incident)
    clocks = {(clock["name"], clock["service"]): clock for clock in told["clocks"]}
    assert {("process", None), ("on_scene", "ambulance")} <= clocks.keys() and ("answer", None) not in clocks
    assert told["clock"]["name"] == "process" and clocks["process", None]["state"] == "running"
    await look(town)
    (brief,) = (await as_("dispatcher").get("/api/incidents")).json()["incidents"]
    assert brief["clock"] == told["clock"]
    assert (await card(as_, incident))["clocks"] == told["clocks"]


async def test_a_breach_is_told_once_however_often_the_server_starts(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    await look(town)
    await age(town, incident, 70)
    await look(town)
    await town.sql("INSERT INTO change (layer, feature_id) VALUES ('incidents', :id)", id=incident)
    await look(town, 2)
    assert breaches(await card(as_, incident)) == [("process", None)]
    await ClockKeeper(town.app.state.engine).look()
    await look(town)
    told = await card(as_, incident)
    assert breaches(told) == [("process", None)]
    assert told["clock"]["state"] == "breached"


async def test_where_nobody_arrived_in_time_the_commander_of_the_area_is_told_once(town: Town, as_: As) -> None:
    urgent, calm = await opened(town, as_, "cardiac_arrest"), await opened(town, as_, "theft")
    await look(town)
    for incident in (urgent, calm):
        await age(town, incident, 4000)
    await look(town, 2)
    told = await town.sql("SELECT incident_id, to_role FROM notice_chain WHERE kind = 'clock'")
    assert [tuple(row) for row in told] == [(urgent, "area_commander")]


async def test_a_dispatch_ends_the_processing_and_begins_the_turnout(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    sent = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["103-0"]]})
    (dispatch,) = sent.json()["dispatches"]
    await look(town)
    clocks = {clock["name"]: clock for clock in (await card(as_, incident))["clocks"]}
    assert clocks["process"]["state"] == "met" and clocks["turnout"]["state"] == "running"
    for status in ("acknowledged", "enroute", "onscene"):
        step = await as_("dispatcher").post(f"/api/dispatches/{dispatch['id']}/status", json={"status": status})
        assert step.status_code == 200, step.text
    told = await card(as_, incident)
    assert {clock["state"] for clock in told["clocks"]} == {"met"} and told["clock"] is None
    ((service, enroute, onscene),) = await town.sql("SELECT service, enroute_at, onscene_at FROM dispatch")
    assert service == "ambulance" and enroute <= onscene


async def test_a_raised_alarm_asks_its_services_from_then_on(town: Town, as_: As) -> None:
    incident = await opened(town, as_, "road_accident")
    await look(town)
    await age(town, incident, 3000)
    raised = await as_("dispatcher").post(f"/api/incidents/{incident}/alarm", json={"level": 2, "reason": "it burns"})
    assert raised.status_code == 200, raised.text
    await look(town, 2)
    told = await card(as_, incident)
    fire = next(c for c in told["clocks"] if (c["name"], c["service"]) == ("on_scene", "fire"))
    assert fire["state"] == "running" and ("on_scene", "fire") not in breaches(told)


async def test_what_is_long_over_when_clocks_begin_to_be_kept_is_no_news(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    await age(town, incident, 7200)
    await look(town, 2)
    told = await card(as_, incident)
    assert breaches(told) == [] and told["clock"]["state"] == "breached"


async def test_figures_roll_up_the_tree_and_stay_within_the_scope(town: Town, as_: As) -> None:
    for seconds in (30, 50, 90):
        incident = await opened(town, as_)
        await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["103-0"]]})
        await age(town, incident, seconds)
        await town.sql("UPDATE dispatch SET status = 'cancelled' WHERE incident_id = :id", id=incident)
    await look(town)
    span = {"from": str(datetime.now(UTC) - timedelta(hours=1)), "to": str(datetime.now(UTC) + timedelta(minutes=1))}

    async def figures(who: str, by: str) -> list[dict[str, Any]]:
        answer = await as_(who).get("/api/clocks/figures", params={**span, "by": by})
        assert answer.status_code == 200, answer.text
        return [row for row in answer.json()["rows"] if row["clock"] == "process"]

    rows = await figures("commander", "area")
    assert len(rows) == 3  # the district, the city and the Republic
    for row in rows:
        assert row["count"] == 3 and 49 < row["p50_s"] < 59 and row["target_s"] == 60
        assert row["share_met"] == pytest.approx(2 / 3)
    assert [row["area"]["id"] for row in await figures("local commander", "area")] == [rows[-1]["area"]["id"]]
    (by_category,) = await figures("planner", "category")
    assert by_category["category"] == "medical" and by_category["area"] is None
    (whole,) = await figures("commander", "service")
    assert whole["service"] is None and whole["count"] == 3


async def test_what_was_merged_or_is_no_figure_of_yours_is_left_out(town: Town, as_: As) -> None:
    assert (await as_("dispatcher").get("/api/clocks/figures")).status_code == 403
    for params in ({"from": "2026-01-01T00:00:00Z", "to": "2025-01-01T00:00:00Z"}, {"from": "2001-01-01T00:00:00Z"}):
        answer = await as_("commander").get("/api/clocks/figures", params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_span")
    assert (await as_("commander").get("/api/clocks/figures")).json() == {"rows": []}
    one, other = [await opened(town, as_) for _ in range(2)]
    await age(town, one, 70)
    await age(town, other, 70)
    await town.sql("UPDATE incident SET state = 'merged', merged_into_id = :other WHERE id = :id", id=one, other=other)
    await look(town)
    rows = (await as_("commander").get("/api/clocks/figures", params={"by": "category"})).json()["rows"]
    assert [(row["clock"], row["count"], row["running"]) for row in rows] == [("process", 1, 1)]
    assert 69 < rows[0]["p90_s"] < 90 and rows[0]["share_met"] == 0  # what runs over its target flatters nothing


async def test_what_ended_before_there_were_clocks_gets_them_later(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    await age(town, incident, 10_000)
    ended = "UPDATE incident SET state = 'closed', closed_at = opened_at + interval '2 h' WHERE id = :id"
    await town.sql(ended, id=incident)
    await look(town, 3)
    found = await town.sql("SELECT clock, ended_at IS NULL FROM incident_clock WHERE began_at IS NOT NULL ORDER BY 1")
    assert ("process", False) in [tuple(row) for row in found]
    assert breaches(await card(as_, incident)) == []


async def test_targets_of_an_area_are_asked_of_it_and_of_those_above_it(
    town: Town, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []

    def plan(*of: Any, areas: Sequence[str], **more: Any) -> Plan:
        asked.append(areas)
        return plan_for(*of, areas=areas, **more)

    monkeypatch.setattr(planning_ahead, "plan_for", plan)
    monkeypatch.setattr(planning_ahead, "names_areas", lambda _: True)
    await card(as_, await opened(town, as_))
    assert asked and {tuple(areas) for areas in asked} == {("KZ-75-MED", "KZ-75", "KZ")}


CALL = """INSERT INTO call (source_id, exchange_id, home_area_id, state, rang_at, answered_at, ended_at, line,
                  placed_by, category)
    SELECT CAST(:source AS bigint), CASE WHEN CAST(:source AS bigint) > 0 THEN gen_random_uuid()::text END, id, :state,
           now() - make_interval(secs => :ago_s),
           now() + make_interval(secs => :answered_s - :ago_s), now() + make_interval(secs => :ended_s - :ago_s),
           '112', 'none', :category FROM area WHERE code = 'KZ-75-MED'"""
SOURCE = """INSERT INTO source (name, kind, area_id)
    SELECT 'exchange', 'exchange', id FROM area WHERE code = 'KZ-75-MED' RETURNING id"""


async def rang(town: Town, source: int | None, state: str = "ended", **more: Any) -> None:
    told = {"source": source, "state": state, "ago_s": 300.0, "answered_s": None, "ended_s": None, "category": None}
    await town.sql(CALL, **told | more)


async def figures_of(as_: As, **asked: str) -> list[dict[str, Any]]:
    answer = await as_("local commander").get("/api/clocks/figures", params=asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


async def test_every_call_of_an_exchange_counts_for_the_answer_whatever_became_of_it(town: Town, as_: As) -> None:
    ((source,),) = await town.sql(SOURCE)
    for answered_s in (5.0, 10.0, 40.0):  # one that opened an incident, a duplicate, one that was set aside
        await rang(town, source, answered_s=answered_s, ended_s=100.0)
    await rang(town, source, ended_s=30.0)  # hung up
    await rang(town, source, "ringing", ago_s=60.0)  # rings still, long over its target
    await rang(town, source, "ringing", ago_s=2.0)  # has time left
    await rang(town, None, answered_s=0.0, ended_s=10.0)  # written down by hand
    (row,) = await figures_of(as_, by="service")
    assert (row["clock"], row["service"], row["target_s"]) == ("answer", None, 15)
    assert (row["count"], row["running"], row["abandoned"]) == (4, 1, 1)
    assert row["share_met"] == 0.5 and row["p50_s"] == pytest.approx(25, abs=1) and row["p90_s"] > 40


async def test_a_call_written_down_by_hand_was_not_answered_in_no_time(town: Town, as_: As) -> None:
    desk = as_("dispatcher")
    written = await desk.post("/api/calls", json={"category": "medical", "place": town.at(5, 5)})
    assert written.status_code == 201, written.text
    opened = await desk.post(f"/api/calls/{written.json()['id']}/incident", json={})
    assert opened.status_code in (200, 201), opened.text
    await look(town)
    ((incident,),) = await town.sql("SELECT max(id) FROM incident")
    names = {clock["name"] for clock in (await card(as_, incident))["clocks"]}
    assert "answer" not in names and "process" in names


async def test_figures_tell_services_apart_and_are_asked_of_one_service_category_and_urgency(
    town: Town, as_: As
) -> None:
    for category, urgency in (("medical", "II"), ("cardiac_arrest", "I"), ("public_order", None)):
        incident = await opened(town, as_, category)
        await town.sql("UPDATE incident SET urgency = :urgency WHERE id = :id", id=incident, urgency=urgency)
        await age(town, incident, 4000)
    await look(town)
    rows = [row for row in await figures_of(as_, by="area") if row["clock"] == "on_scene"]
    found = {(row["service"], row["count"], row["target_s"]) for row in rows}
    assert ("ambulance", 2, None) in found  # 600 and 900 s: no one target is theirs
    assert {service for service, _, _ in found} >= {"ambulance", "police"}
    one = await figures_of(as_, by="area", service="ambulance", urgency="II")
    assert [(row["clock"], row["count"], row["target_s"]) for row in one] == [("on_scene", 1, 900)]
    calm = await figures_of(as_, by="area", category="public_order")
    assert "ambulance" not in {row["service"] for row in calm} and calm
    refused = await as_("commander").get("/api/clocks/figures", params={"service": "postmen"})
    assert refused.status_code == 400
