"""A crew's own doors: its unit alone, each press once, and nothing that comes late or out of order breaks the state."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy import text

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]
    app: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def ago(seconds: float = 0) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


async def sent(town: Town, as_: As, *signs: str) -> list[int]:
    """Send these units to a new incident; return the ids of their dispatches."""
    desk = as_("dispatcher")
    opened = await desk.post("/api/incidents", json={"category": "fire", "place": town.at(300, 300)})
    assert opened.status_code == 201, opened.text
    incident = opened.json()["id"]
    units = {"units": [town.units[sign] for sign in signs]}
    told = await desk.post(f"/api/incidents/{incident}/dispatches", json=units)
    assert told.status_code == 201, told.text
    return [one["id"] for one in told.json()["dispatches"]]


async def press(
    crew: httpx.AsyncClient, dispatch: int, status: str, event: str, at: str | None = None, **more: Any
) -> httpx.Response:
    body = {"status": status, "at": at or ago(), "client_event_id": event, **more}
    return await crew.post(f"/api/crew/dispatches/{dispatch}/status", json=body)


async def page(crew: httpx.AsyncClient) -> dict[str, Any]:
    answer = await crew.get("/api/crew")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_page_tells_the_unit_what_it_is_sent_to_and_which_buttons_follow(town: Town, as_: As) -> None:
    crew = as_("crew")
    idle = await page(crew)
    assert idle["dispatch"] is None and idle["unit"]["call_sign"] == "102-0" and idle["unit"]["status"] == "free"
    assert idle["unit"]["duties"] == ["break", "out_of_service", "off"]
    assert {"code": "lunch", "title": {"kk": "Түскі ас", "ru": "Обед", "en": "Meal"}}.items() <= idle["reasons"][
        0
    ].items()
    (dispatch,) = await sent(town, as_, "102-0")
    job = (await page(crew))["dispatch"]
    assert (job["id"], job["status"], job["next"]) == (dispatch, "dispatched", ["acknowledged", "refused"])
    assert job["incident"]["title"]["en"] and job["route"]["type"] == "LineString" and job["acknowledge_by"]
    assert "caller" not in str(job)
    assert (await page(as_("other crew")))["dispatch"] is None


async def test_the_page_tells_what_stands_nearest_where_there_is_no_address(town: Town, as_: As) -> None:
    asked = """INSERT INTO address (osm_id, street, house, geom)
        VALUES (1, 'Абай', '12', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"""
    await town.sql(asked, **town.at(330, 300))
    await sent(town, as_, "102-0")
    job = (await page(as_("crew")))["dispatch"]
    assert job["incident"]["address"] is None
    assert "12" in job["incident"]["near"]["title"]["kk"]
    assert job["incident"]["near"]["away_m"] == pytest.approx(30, abs=0.5)
    changed = await as_("dispatcher").post(
        f"/api/incidents/{job['incident']['id']}/place",
        json={"place": job["incident"]["place"], "address": "Абай 14", "reason": "уточнено"},
    )
    assert changed.status_code == 200, changed.text
    told = (await page(as_("crew")))["dispatch"]["incident"]
    assert (told["address"], told["near"]) == ("Абай 14", None)


async def test_the_page_tells_what_is_known_of_the_premises_and_nothing_of_others(town: Town, as_: As) -> None:
    desk, there = as_("dispatcher"), town.at(310, 300)

    async def known(kind: str, text: str, **more: Any) -> int:
        body = {"kind": kind, "text": text, "place": there, **more}
        answer = await desk.post("/api/premises", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    await known("note", "кіреберіс ауладан")
    await known("hazard", "газ баллондары")
    await known("key", "код 1234")
    await known("contact", "Болат, +77015550101")
    await known("hazard", "алыста", place=town.at(900, 300))
    await desk.delete(f"/api/premises/{await known('hazard', 'бұрын болған')}")
    await sent(town, as_, "102-0")
    hazards = [one["kk"] for one in (await page(as_("crew")))["dispatch"]["incident"]["hazards"]]
    assert hazards[0] == "газ баллондары" and hazards[-1] == "кіреберіс ауладан"
    assert not {"код 1234", "алыста", "бұрын болған"} & set(hazards) and "5550101" not in str(hazards)
    assert (await page(as_("other crew")))["dispatch"] is None
    assert (await as_("crew").get("/api/collections/premises/items")).status_code == 403


async def test_what_is_known_of_premises_the_store_tells_the_crew_that_is_bound_there_alone(
    town: Town, as_: As
) -> None:
    await as_("dispatcher").post("/api/premises", json={"kind": "hazard", "text": "ит", "place": town.at(300, 300)})
    await sent(town, as_, "102-0")
    ((incident,),) = await town.sql("SELECT max(id) FROM incident")
    told = []
    for unit, account in ((town.units["102-0"], 101), (town.units["102-1"], 102)):
        async with town.app.state.engine.connect() as link:  # as the server itself comes to the store
            await link.execute(text("SELECT enter_crew(:unit, :account)"), {"unit": unit, "account": account})
            found = await link.execute(text("SELECT text FROM premises_of_crew(:id, 60)"), {"id": incident})
            told.append([row.text for row in found])
    assert told == [["ит"], []]


async def test_a_crew_steps_through_its_dispatch_with_both_clocks_on_the_record(town: Town, as_: As) -> None:
    crew = as_("crew")
    (dispatch,) = await sent(town, as_, "102-0")
    for n, status in enumerate(("acknowledged", "enroute", "onscene", "clear")):
        answer = await press(crew, dispatch, status, f"e{n}", ago(30 - n), place=town.at(1, 1))
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"taken": True, "late": False, "repeated": False}
    rows = await town.sql(
        "SELECT status, received_at > at, means, lon IS NOT NULL FROM dispatch_entry WHERE dispatch_id = :d"
        " ORDER BY id OFFSET 1",
        d=dispatch,
    )
    assert [tuple(row) for row in rows] == [
        (status, True, "button", True) for status in ("acknowledged", "enroute", "onscene", "clear")
    ]
    assert (await page(crew))["dispatch"] is None


async def test_the_same_press_sent_twice_counts_once(town: Town, as_: As) -> None:
    crew = as_("crew")
    (dispatch,) = await sent(town, as_, "102-0")
    at = ago(5)
    first = (await press(crew, dispatch, "acknowledged", "one", at)).json()
    again = (await press(crew, dispatch, "acknowledged", "one", at)).json()
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["taken"] and again["taken"]
    assert len(await town.sql("SELECT FROM dispatch_entry WHERE dispatch_id = :d", d=dispatch)) == 2
    other = await crew.post("/api/crew/messages", json={"text": "жолдамыз", "at": at, "client_event_id": "one"})
    assert (other.status_code, other.json()["code"]) == (409, "event_id_used")


async def test_steps_out_of_order_end_where_the_crew_truly_is_and_all_are_kept(town: Town, as_: As) -> None:
    crew = as_("crew")
    (dispatch,) = await sent(town, as_, "102-0")
    answers = [
        (await press(crew, dispatch, status, status, ago(seconds))).json()["taken"]
        for status, seconds in (("onscene", 10), ("acknowledged", 40), ("enroute", 30))
    ]
    assert answers == [True, False, False]
    ((status,),) = await town.sql("SELECT status FROM dispatch WHERE id = :d", d=dispatch)
    kept = await town.sql("SELECT status, taken FROM dispatch_entry WHERE dispatch_id = :d ORDER BY at", d=dispatch)
    assert status == "onscene"
    assert sorted(map(tuple, kept)) == sorted(
        [("dispatched", True), ("acknowledged", False), ("enroute", False), ("onscene", True)]
    )
    of = "SELECT i.state FROM incident i JOIN dispatch d ON d.incident_id = i.id WHERE d.id = :d"
    ((state,),) = await town.sql(of, d=dispatch)
    assert state == "onscene"


async def test_a_step_two_hours_late_for_what_is_over_is_kept_and_marked(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    (dispatch,) = await sent(town, as_, "102-0")
    for status in ("acknowledged", "enroute", "onscene", "clear"):
        assert (await desk.post(f"/api/dispatches/{dispatch}/status", json={"status": status})).status_code == 200
    late = await press(crew, dispatch, "onscene", "late", ago(7200))
    assert late.json() == {"taken": False, "late": True, "repeated": False}
    again = await press(crew, dispatch, "onscene", "late", ago(7200))
    assert again.json() == {"taken": False, "late": True, "repeated": True}, "what became of it is answered again"
    ((status,),) = await town.sql("SELECT status FROM dispatch WHERE id = :d", d=dispatch)
    ((taken, marked, age),) = await town.sql(
        "SELECT taken, late, extract(epoch FROM received_at - at) FROM dispatch_entry WHERE client_event_id = 'late'"
    )
    assert (status, taken, marked) == ("clear", False, True) and 7190 < float(age) < 7300
    lines = await town.sql("SELECT details ->> 'late' FROM incident_entry WHERE kind = 'status_kept'")
    assert [line[0] for line in lines] == ["true"]


@pytest.mark.parametrize("slow_s", [3600, -3600])
async def test_a_phone_whose_clock_is_wrong_shows_by_how_much_as_it_sends(town: Town, as_: As, slow_s: float) -> None:
    (dispatch,) = await sent(town, as_, "102-0")
    answer = await press(as_("crew"), dispatch, "enroute", "off", ago(slow_s + 20), sent_at=ago(slow_s))
    assert answer.json() == {"taken": True, "late": False, "repeated": False}
    ((kept,),) = await town.sql("SELECT extract(epoch FROM now() - at) FROM crew_event WHERE client_event_id = 'off'")
    ((told,),) = await town.sql(
        "SELECT extract(epoch FROM now() - at) FROM dispatch_entry WHERE client_event_id = 'off'"
    )
    assert 0 <= float(kept) - slow_s - 20 < 30, "what the device said stays on the record"
    assert 15 < float(told) < 50, "the step is when it was, by our clock"


@pytest.mark.parametrize("wrong_s", [5 * 3600, -3600])
async def test_a_device_that_tells_a_time_that_cannot_be_is_kept_and_not_believed(
    town: Town, as_: As, wrong_s: float
) -> None:
    (dispatch,) = await sent(town, as_, "102-0")
    for status in ("enroute", "onscene"):
        assert (await press(as_("crew"), dispatch, status, status, ago(-wrong_s))).json()["taken"]
    told = """SELECT abs(extract(epoch FROM at - received_at) - :wrong) < 30 FROM dispatch_entry
               WHERE means = 'button'"""
    assert [row[0] for row in await town.sql(told, wrong=wrong_s)] == [True, True]
    counted = "SELECT dispatched_at < enroute_at, enroute_at < onscene_at, onscene_at < clock_timestamp() FROM dispatch"
    assert [tuple(row) for row in await town.sql(counted)] == [(True, True, True)]


async def test_what_the_crew_and_the_desk_tell_makes_one_way(town: Town, as_: As) -> None:
    (dispatch,) = await sent(town, as_, "102-0")
    await press(as_("crew"), dispatch, "enroute", "behind", ago(3600))
    arrived = await as_("dispatcher").post(f"/api/dispatches/{dispatch}/status", json={"status": "onscene"})
    assert arrived.status_code == 200, arrived.text
    ((drive_s,),) = await town.sql("SELECT extract(epoch FROM onscene_at - enroute_at) FROM dispatch")
    assert 0 <= float(drive_s) < 30


async def test_a_crew_refuses_with_a_reason_and_only_before_it_drives(town: Town, as_: As) -> None:
    crew = as_("crew")
    (dispatch,) = await sent(town, as_, "102-0")
    bare = await press(crew, dispatch, "refused", "r1")
    assert (bare.status_code, bare.json()["code"]) == (400, "reason_needed")
    assert (await press(crew, dispatch, "enroute", "r2")).json()["taken"]
    wrong = await press(crew, dispatch, "refused", "r3", reason="cannot_drive")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_transition")
    (other,) = await sent(town, as_, "102-1")
    assert (await press(as_("other crew"), other, "refused", "r4", reason="cannot_drive")).json()["taken"]
    ((reason,),) = await town.sql("SELECT reason FROM dispatch_entry WHERE client_event_id = 'r4'")
    assert reason == "Выехать не можем: неисправность"


@pytest.mark.parametrize("status", ["cancelled", "diverted", "dispatched", "lunch"])
async def test_what_others_decide_is_no_button_of_a_crew(town: Town, as_: As, status: str) -> None:
    (dispatch,) = await sent(town, as_, "102-0")
    assert (await press(as_("crew"), dispatch, status, "x")).status_code == 400


async def test_a_crew_touches_no_other_units_dispatch_even_of_its_own_incident(town: Town, as_: As) -> None:
    mine, theirs = await sent(town, as_, "102-0", "102-1")
    answer = await press(as_("crew"), theirs, "acknowledged", "x")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_dispatch")
    assert (await press(as_("crew"), mine, "acknowledged", "x")).status_code == 200


async def test_a_duty_turns_with_its_local_word_and_a_wrong_one_is_told(town: Town, as_: As) -> None:
    crew = as_("crew")
    said = {"duty": "break", "reason": "lunch", "at": ago(), "client_event_id": "d1"}
    assert (await crew.post("/api/crew/duty", json=said)).json()["taken"]
    unit = (await page(crew))["unit"]
    assert (unit["duty"], unit["label"]["en"], unit["duties"]) == ("break", "Meal", ["on", "out_of_service", "off"])
    listed = {u["call_sign"]: u for u in (await as_("dispatcher").get("/api/units")).json()["units"]}["102-0"]
    assert (listed["primary"], listed["secondary"]) == ("ConditionallyAvailable", ["Break"])
    assert (listed["local_status"], listed["label"]["ru"]) == ("lunch", "Обед")
    wrong = await crew.post("/api/crew/duty", json={"duty": "roster", "at": ago(), "client_event_id": "d2"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_duty")
    assert "на смене" in wrong.json()["message"]["ru"]
    other = {"duty": "on", "reason": "lunch", "at": ago(), "client_event_id": "d3"}
    assert (await crew.post("/api/crew/duty", json=other)).json()["code"] == "label_means_other"


async def test_a_crew_that_is_bound_neither_rests_nor_goes_home_but_may_break_down(town: Town, as_: As) -> None:
    crew = as_("crew")
    await sent(town, as_, "102-0")
    rest = await crew.post("/api/crew/duty", json={"duty": "break", "at": ago(), "client_event_id": "d1"})
    assert rest.status_code == 409
    broken = {"duty": "out_of_service", "reason": "breakdown", "at": ago(), "client_event_id": "d2"}
    assert (await crew.post("/api/crew/duty", json=broken)).json()["taken"]
    listed = {u["call_sign"]: u for u in (await as_("dispatcher").get("/api/units")).json()["units"]}["102-0"]
    assert (listed["primary"], listed["secondary"]) == ("NotAvailable", ["Dispatched", "OutOfService"])
    assert await town.sql("SELECT FROM incident_entry WHERE kind = 'unit_duty'")


async def test_a_duty_two_hours_late_stays_on_the_record_alone(town: Town, as_: As) -> None:
    crew, unit = as_("crew"), town.units["102-0"]
    assert (await as_("dispatcher").post(f"/api/units/{unit}/duty", json={"duty": "off"})).status_code == 200
    late = {"duty": "break", "at": ago(7200), "client_event_id": "d1"}
    for repeated in (False, True):
        answer = (await crew.post("/api/crew/duty", json=late)).json()
        assert answer == {"taken": False, "late": True, "repeated": repeated}
    detail = (await as_("dispatcher").get(f"/api/units/{unit}")).json()
    assert detail["duty"] == "off"
    assert [(one["duty"], one["taken"], one["late"]) for one in detail["duties"]] == [
        ("break", False, True),
        ("off", True, False),
    ]


async def test_messages_go_both_ways_and_once(town: Town, as_: As) -> None:
    crew, desk, unit = as_("crew"), as_("dispatcher"), town.units["102-0"]
    told = {"text": "<script>alert(1)</script> жолда кептеліс", "at": ago(), "client_event_id": "m1"}
    for _ in range(2):
        assert (await crew.post("/api/crew/messages", json=told)).status_code == 200
    answer = await desk.post(f"/api/units/{unit}/messages", json={"text": "Қабылданды"})
    assert [(m["text"], m["mine"]) for m in answer.json()["messages"]] == [("Қабылданды", True), (told["text"], False)]
    seen = (await page(crew))["messages"]
    assert [(m["from"], m["mine"]) for m in seen] == [("dispatcher", False), ("crew", True)]
    long = await crew.post("/api/crew/messages", json=told | {"text": "а" * 100_000, "client_event_id": "m2"})
    assert long.status_code == 400


async def test_a_phone_tells_where_its_own_unit_was_and_is(town: Town, as_: As) -> None:
    crew = as_("crew")
    fixes = [{**town.at(40, 40), "at": ago(-20), "speed_kmh": 30.0}, {**town.at(5, 5), "at": ago(300)}]
    fixes += [{**town.at(9, 9), "at": ago(60), "heading_deg": 90}, {**town.at(50, 50), "at": ago(-7200)}]
    first = await crew.post("/api/crew/positions", json={"positions": fixes})
    assert first.status_code == 200 and first.json() == {"taken": 3, "ignored": 1}, first.text
    assert (await crew.post("/api/crew/positions", json={"positions": fixes})).json() == {"taken": 0, "ignored": 4}
    asked = "SELECT lon, speed_kmh FROM unit_position WHERE unit_id = :u"
    ((lon, speed),) = await town.sql(asked, u=town.units["102-0"])
    assert (lon, speed) == (pytest.approx(town.at(40, 40)["lon"]), 30.0)
    assert len(await town.sql("SELECT FROM track WHERE unit_id = :u", u=town.units["102-0"])) == 3
    nowhere = {"positions": [{"lon": 500, "lat": 1, "at": ago()}]}
    assert (await crew.post("/api/crew/positions", json=nowhere)).status_code == 400


async def test_a_crew_opens_the_ground_and_no_list_or_layer_of_the_desk(town: Town, as_: As) -> None:
    crew = as_("crew")
    await sent(town, as_, "102-0", "102-1")
    known = (await crew.get("/api/map")).json()
    assert "roads" in [layer["name"] for layer in known["layers"]]
    assert not {"units", "incidents", "panics", "dispatches", "events"} & {layer["name"] for layer in known["layers"]}
    assert (await crew.get("/api/tiles/incidents/1/1/0")).status_code == 404
    for path in ("units", "incidents", "dispatches", "panics", "events", "status-proposals", "collections/units/items"):
        assert (await crew.get(f"/api/{path}")).status_code == 403, path
    assert (await as_("dispatcher").get("/api/crew")).status_code == 403


async def test_a_unit_that_was_struck_from_the_account_sees_nothing(town: Town, as_: As) -> None:
    await town.sql("UPDATE account SET role = 'planner', unit_id = NULL WHERE name = 'crew'")
    answer = await as_("crew").get("/api/crew")
    assert answer.status_code in (401, 403, 409, 410) and answer.json()["code"] == "area_closed"
