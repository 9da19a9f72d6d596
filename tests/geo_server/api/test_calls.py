"""Calls as dispatchers meet them: taken, written down, placed, opened into an incident or joined to one, ended."""

import asyncio
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy import text

from tests.access.world import PHONES

pytestmark = pytest.mark.anyio
PHONE = f"+{PHONES[0]}"
PURPOSE = {"X-Qyran-Purpose": "reason:calling%20back"}


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    app: Any
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def rings(
    town: Town, *, place: dict[str, float] | None = None, home: str = "KZ-75-MED", radius_m: float | None = None
) -> int:
    """Let a telephone ring at an exchange; without a place unless one is given."""
    row: dict[str, Any] = {
        "home": home,
        "radius_m": radius_m,
        "phone": PHONE,
        "lon": None,
        "lat": None,
        **(place or {}),
    }
    asked = """INSERT INTO call (home_area_id, state, rang_at, line, phone, caller_name, radius_m, placed_by, geom)
        SELECT id, 'ringing', now(), '112', :phone, 'Айгүл Омарова', :radius_m,
               CASE WHEN CAST(:lon AS float8) IS NULL THEN 'none' ELSE 'aml' END,
               ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326)
          FROM area WHERE code = :home RETURNING id"""
    ((call_id,),) = await town.sql(asked, **row)
    return int(call_id)


async def post(client: httpx.AsyncClient, path: str, body: Any = None, *, status: int = 200) -> Any:
    answer = await client.post(f"/api/calls{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_call_is_listed_taken_written_down_and_opened_into_an_incident(town: Town, as_: As) -> None:
    id, desk = await rings(town, place=town.at(10, 10), radius_m=40), as_("dispatcher")
    (listed,) = (await desk.get("/api/calls", params={"state": "ringing"})).json()["calls"]
    assert (listed["id"], listed["phone"], listed["caller_name"]) == (id, "+7 7** *** ** 01", "А•••")
    assert (listed["placed_by"], listed["radius_m"], listed["outside"]) == ("aml", 40, False)
    taken = await post(desk, f"/{id}/answer")
    assert (taken["state"], taken["answered_by"]) == ("answered", "dispatcher")
    written = {"said": "Екі көлік соқтығысты", "category": "road_accident", "answers": {"injured": "2", "fuel": "no"}}
    assert (await desk.patch(f"/api/calls/{id}", json=written)).status_code == 200
    more = (await desk.patch(f"/api/calls/{id}", json={"answers": {"injured": "3", "fuel": None}})).json()
    assert more["answers"] == {"injured": "3"}
    incident = await post(desk, f"/{id}/incident", {"address": "Абай – Достық"}, status=201)
    assert (incident["category"], incident["state"]) == ("road_accident", "pending")
    assert (incident["description"], incident["address"]) == ("Екі көлік соқтығысты", "Абай – Достық")
    assert (incident["calls"][0]["id"], incident["caller"]["phone"]) == (id, "+7 7** *** ** 01")
    assert [entry["kind"] for entry in incident["timeline"]][:2] == ["opened", "call_joined"]
    card = (await desk.get(f"/api/calls/{id}")).json()
    assert (card["outcome"], card["incident_id"], card["likenesses"]) == ("new_incident", incident["id"], [])
    assert [entry["kind"] for entry in card["entries"]] == ["answered", "noted", "noted", "opened"]
    assert PHONES[0] not in str(card) and "Омарова" not in str(card) + str(incident)
    told = await town.sql("SELECT layer, feature_id FROM change")
    assert {("calls", id), ("incidents", incident["id"])} <= {tuple(row) for row in told}


async def test_of_two_who_take_a_call_at_once_one_wins_and_the_other_is_told_who(town: Town, as_: As) -> None:
    id = await rings(town)
    answers = await asyncio.gather(*(as_(who).post(f"/api/calls/{id}/answer") for who in ("dispatcher", "second")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer.json()["answered_by"] for answer in answers if answer.status_code == 200)
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (lost["code"], lost["details"]["by"]) == ("call_answered", won)
    assert (await as_(won).post(f"/api/calls/{id}/answer")).status_code == 200


async def test_two_calls_about_one_crash_400_m_apart_are_proposed_as_one_and_nothing_is_merged_silently(
    town: Town, as_: As
) -> None:
    first, second = await rings(town, place=town.at(-200, 0)), await rings(town, place=town.at(200, 0), radius_m=60)
    desk = as_("dispatcher")
    opened = await post(desk, f"/{first}/incident", {"category": "road_accident"}, status=201)
    await desk.patch(f"/api/calls/{second}", json={"category": "road_accident", "said": "Қиылыста соғылысты"})
    (likeness,) = (await as_("second").get(f"/api/calls/{second}")).json()["likenesses"]
    assert likeness["incident"]["id"] == opened["id"] and 390 < likeness["distance_m"] < 410
    assert all(likeness["because"][language] for language in ("kk", "ru", "en"))
    joined = await post(as_("second"), f"/{second}/join", {"incident_id": opened["id"]})
    assert (joined["outcome"], joined["incident_id"]) == ("duplicate", opened["id"])
    assert await post(as_("second"), f"/{second}/join", {"incident_id": opened["id"]}) == joined
    incident = (await desk.get(f"/api/incidents/{opened['id']}")).json()
    assert [call["id"] for call in incident["calls"]] == [first, second]
    lines = [entry["details"] for entry in incident["timeline"] if entry["kind"] == "call_joined"]
    assert [(line["call_id"], line["outcome"]) for line in lines] == [(first, "new_incident"), (second, "duplicate")]
    assert lines[1]["text"] == "Қиылыста соғылысты"


async def test_a_call_belongs_to_one_incident_and_a_closed_or_foreign_one_is_not_joined(town: Town, as_: As) -> None:
    id, desk = await rings(town, place=town.at(0, 0)), as_("dispatcher")
    opened = await post(desk, f"/{id}/incident", {"category": "homicide"}, status=201)
    assert await town.sql("SELECT 1 FROM notice_chain WHERE incident_id = :id", id=opened["id"]), "its plan tells some"
    again = await desk.post(f"/api/calls/{id}/incident", json={"category": "theft"})
    assert code(again) == (409, "call_has_incident") and again.json()["details"]["incident_id"] == opened["id"]
    assert len(await town.sql("SELECT 1 FROM incident")) == 1
    assert code(await desk.post(f"/api/calls/{id}/end", json={"outcome": "test"})) == (409, "outcome_of_incident")
    other = await rings(town)
    unknown = await desk.post(f"/api/calls/{other}/join", json={"incident_id": 999_999})
    assert code(unknown) == (404, "no_such_incident")
    await desk.post(f"/api/incidents/{opened['id']}/close")
    closed = await desk.post(f"/api/calls/{other}/join", json={"incident_id": opened["id"]})
    assert code(closed) == (409, "incident_closed")
    assert (await desk.get(f"/api/calls/{other}")).json()["state"] == "ringing", "what was refused changed nothing"


async def test_who_joins_a_merged_incident_is_told_which_one_stands_for_it(town: Town, as_: As) -> None:
    desk = as_("dispatcher")
    body = {"category": "road_accident", "place": town.at(0, 0)}
    gone, stands = [(await desk.post("/api/incidents", json=body)).json() for _ in range(2)]
    into = {"into_id": stands["id"], "reason": "one crash"}
    merged = await desk.post(f"/api/incidents/{gone['id']}/merge", json=into)
    assert merged.status_code == 200, merged.text
    id = await rings(town)
    refused = await desk.post(f"/api/calls/{id}/join", json={"incident_id": gone["id"]})
    assert code(refused) == (409, "incident_merged")
    told = refused.json()["details"]
    assert (told["into_id"], told["into"], told["number"]) == (stands["id"], stands["number"], gone["number"])
    assert (await post(desk, f"/{id}/join", {"incident_id": told["into_id"]}))["incident_id"] == stands["id"]


async def area(town: Town, code: str) -> int:
    ((area_id,),) = await town.sql("SELECT id FROM area WHERE code = :code", code=code)
    return int(area_id)


async def beside(town: Town) -> tuple[int, dict[str, float]]:
    """Return the area of the stranger, and a place in it."""
    place = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    ((area_id,),) = await town.sql("SELECT area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))", **place)
    return int(area_id), place


async def test_a_call_from_beyond_is_handed_to_where_it_comes_from_and_its_giver_reads_it_while_it_is_open(
    town: Town, as_: As
) -> None:
    (theirs, place), desk, taker = await beside(town), as_("dispatcher"), as_("stranger")
    id = await rings(town, place=place)
    taken = await post(desk, f"/{id}/answer")
    assert (taken["outside"], taken["ours"], taken["handed"], taken["lies_in"]["id"]) == (True, True, None, theirs)
    assert (await taker.get(f"/api/calls/{id}")).status_code == 404
    handed = await post(desk, f"/{id}/hand", {"area_id": theirs, "reason": "Көрші аудан"})
    assert (handed["ours"], handed["outside"], handed["lies_in"], handed["area"]["id"]) == (False, False, None, theirs)
    assert (await post(desk, f"/{id}/hand", {"area_id": theirs, "reason": "again"}))["entries"] == handed["entries"]
    (queued,) = (await taker.get("/api/calls", params={"state": "open"})).json()["calls"]
    assert (queued["id"], queued["ours"], queued["answered_by"], queued["state"]) == (id, True, None, "answered")
    told = {"at": queued["handed"]["at"], "by": "dispatcher", "reason": "Көрші аудан", "from": taken["area"]}
    assert queued["handed"] == told == (await desk.get(f"/api/calls/{id}")).json()["handed"]
    assert [call["id"] for call in (await desk.get("/api/calls", params={"state": "open"})).json()["calls"]] == [id]
    card = await post(taker, f"/{id}/answer")
    assert [line["kind"] for line in card["entries"]] == ["answered", "handed", "answered"]
    line = card["entries"][1]["details"]
    assert (line["from"], line["to"], line["reason"]) == (taken["area"]["name"], card["area"]["name"], "Көрші аудан")
    incident = await post(taker, f"/{id}/incident", {"category": "fire"}, status=201)
    assert incident["area"]["id"] == theirs and (await desk.get(f"/api/calls/{id}")).json()["incident_id"]
    await post(taker, f"/{id}/end", {"outcome": "new_incident"})
    assert (await desk.get(f"/api/calls/{id}")).status_code == 404, "it is over"
    assert (await desk.get("/api/calls")).json()["calls"] == []
    asked = "SELECT object_id, details->>'reason' FROM audit WHERE operation = 'calls.hand' ORDER BY id LIMIT 1"
    assert [tuple(row) for row in await town.sql(asked)] == [(id, "Көрші аудан")]


async def test_who_handed_a_call_on_reads_it_and_does_nothing_about_it(town: Town, as_: As) -> None:
    (theirs, place), desk = await beside(town), as_("dispatcher")
    id = await rings(town, place=place)
    await post(desk, f"/{id}/hand", {"area_id": theirs, "reason": "not ours"})
    for path, body in {
        "/answer": None, "/end": {"outcome": "test"}, "/incident": {"category": "fire"}, "/join": {"incident_id": 1},
        "/hand": {"area_id": await area(town, "KZ-19"), "reason": "further"},
    }.items():  # fmt: skip
        assert code(await desk.post(f"/api/calls/{id}{path}", json=body)) == (409, "call_handed"), path
    assert code(await desk.patch(f"/api/calls/{id}", json={"said": "mine"})) == (409, "call_handed")
    refused = await desk.post(f"/api/calls/{id}/hand", json={"area_id": 999_999, "reason": "x"})
    assert code(refused) == (409, "call_handed")
    layer = f"/api/collections/calls/items/{id}"
    assert [(await as_(who).get(layer)).status_code for who in ("dispatcher", "stranger")] == [200, 200]
    assert "read_by" not in (await desk.get(layer)).text
    async with town.app.state.engine.begin() as link:  # the store itself lets them look, and not write
        scope = {"own": await area(town, "KZ-75-MED")}
        await link.execute(text("SELECT enter(:own, :own)"), scope)
        assert (await link.execute(text("SELECT said FROM call WHERE id = :id"), {"id": id})).scalar_one() == ""
        written = await link.execute(text("UPDATE call SET said = 'x' WHERE id = :id"), {"id": id})
        assert written.rowcount == 0
    back = await post(as_("stranger"), f"/{id}/hand", {"area_id": scope["own"], "reason": "yours after all"})
    assert back["ours"] is False and (await post(desk, f"/{id}/answer"))["ours"] is True


async def test_only_what_is_open_is_handed_and_only_to_who_does_not_see_it(town: Town, as_: As) -> None:
    (theirs, place), desk = await beside(town), as_("dispatcher")

    async def refused(id: int, area_id: int) -> tuple[int, str]:
        return code(await desk.post(f"/api/calls/{id}/hand", json={"area_id": area_id, "reason": "not ours"}))

    id = await rings(town, place=place)
    for above in ("KZ", "KZ-75", "KZ-75-MED"):
        assert await refused(id, await area(town, above)) == (409, "call_there_already")
    assert await refused(id, 999_999) == (404, "no_such_area")
    assert await refused(999_999, theirs) == (404, "no_such_call")
    assert code(await desk.post(f"/api/calls/{id}/hand", json={"area_id": theirs})) == (400, "bad_request")
    await post(desk, f"/{id}/end", {"outcome": "test"})
    assert await refused(id, theirs) == (409, "call_decided")
    linked = await rings(town, place=town.at(0, 0))
    await post(desk, f"/{linked}/incident", {"category": "fire"}, status=201)
    assert await refused(linked, theirs) == (409, "call_has_incident")
    planned = await as_("planner").post(f"/api/calls/{id}/hand", json={"area_id": theirs, "reason": "x"})
    assert planned.status_code == 403


async def test_a_call_ends_with_what_became_of_it_and_the_archive_says_why(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    assert code(await desk.post(f"/api/calls/{id}/end", json={"outcome": "no_action"})) == (400, "reason_needed")
    needs = await desk.post(f"/api/calls/{id}/end", json={"outcome": "duplicate"})
    assert code(needs) == (400, "outcome_needs_incident")
    asked = {"outcome": "transferred", "reason": "103, жедел жәрдем"}
    ended = await post(desk, f"/{id}/end", asked)
    assert (ended["state"], ended["outcome"], ended["reason"]) == ("ended", "transferred", "103, жедел жәрдем")
    assert await post(desk, f"/{id}/end", asked) == ended
    assert code(await as_("second").post(f"/api/calls/{id}/answer")) == (409, "call_ended")
    assert (await desk.get("/api/calls", params={"state": "open"})).json()["calls"] == []


async def test_a_call_without_a_place_is_taken_and_asks_for_one_before_it_opens(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    card = (await desk.get(f"/api/calls/{id}")).json()
    assert (card["place"], card["placed_by"], card["likenesses"]) == (None, "none", [])
    assert code(await desk.post(f"/api/calls/{id}/incident", json={})) == (400, "call_without_category")
    assert code(await desk.post(f"/api/calls/{id}/incident", json={"category": "fire"})) == (400, "call_without_place")
    unknown = await desk.patch(f"/api/calls/{id}", json={"category": "dragons"})
    assert code(unknown) == (400, "no_such_category")
    place = {"place": town.at(5, 5), "placed_by": "address", "address": "Абай 1", "radius_m": 15}
    placed = (await desk.patch(f"/api/calls/{id}", json=place)).json()
    assert (placed["placed_by"], placed["radius_m"], placed["address"]) == ("address", 15, "Абай 1")
    gone = (await desk.patch(f"/api/calls/{id}", json={"place": None})).json()
    assert (gone["place"], gone["placed_by"], gone["radius_m"]) == (None, "none", None)
    incident = await post(desk, f"/{id}/incident", {"category": "fire", "place": town.at(5, 5)}, status=201)
    assert incident["place"] == town.at(5, 5) and incident["address"] == "Абай 1"


async def test_a_call_of_the_city_that_loses_its_place_stays_with_who_took_that_away(town: Town, as_: As) -> None:
    id, desk = await rings(town, place=town.at(10, 10), home="KZ-75"), as_("dispatcher")
    gone = await desk.patch(f"/api/calls/{id}", json={"place": None})
    assert gone.status_code == 200 and gone.json()["place"] is None
    assert id in {call["id"] for call in (await desk.get("/api/calls")).json()["calls"]}


async def test_whoever_takes_a_call_of_the_city_keeps_it_wherever_it_turns_out_to_come_from(
    town: Town, as_: As
) -> None:
    id = await rings(town, place=town.at(0, 0), home="KZ-75")
    await post(as_("dispatcher"), f"/{id}/answer")
    beside = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    moved = (await as_("dispatcher").patch(f"/api/calls/{id}", json={"place": beside})).json()
    assert (moved["outside"], moved["place"]) == (True, beside)
    assert (await as_("stranger").get(f"/api/calls/{id}")).status_code == 404
    refused = await as_("dispatcher").post(f"/api/calls/{id}/incident", json={"category": "fire"})
    assert code(refused) == (403, "outside_your_area")


async def test_a_call_that_nobody_took_is_not_placed_out_of_ones_own_sight(town: Town, as_: As) -> None:
    id = await rings(town, place=town.at(0, 0), home="KZ-75")
    beside = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    refused = await as_("dispatcher").patch(f"/api/calls/{id}", json={"place": beside})
    assert code(refused) == (403, "outside_your_area")


@pytest.mark.parametrize("masked", [{"phone": "+7 7** *** ** 13"}, {"caller_name": "А•••"}, {"phone": "***11"}])
async def test_a_mask_is_never_written_over_who_rings(town: Town, as_: As, masked: dict[str, str]) -> None:
    id, desk = await rings(town), as_("dispatcher")
    refused = await desk.patch(f"/api/calls/{id}", json={"said": "x", **masked})
    assert code(refused) == (400, "caller_masked") and refused.json()["details"] == {"field": next(iter(masked))}
    assert code(await desk.post("/api/calls", json=masked)) == (400, "caller_masked")
    asked = "SELECT phone, caller_name, said FROM call"
    assert [tuple(row) for row in await town.sql(asked)] == [(PHONE, "Айгүл Омарова", "")]


async def test_an_answer_may_be_as_long_as_the_form_lets_it_be(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    long = "х" * 500
    written = await desk.patch(f"/api/calls/{id}", json={"answers": {"hazard": long}})
    assert (written.status_code, written.json()["answers"]) == (200, {"hazard": long})
    assert (await desk.patch(f"/api/calls/{id}", json={"answers": {"hazard": long + "х"}})).status_code == 400


async def test_a_call_is_written_by_hand_with_what_is_known(town: Town, as_: As) -> None:
    body = {"phone": PHONE, "said": "Тұтін шығып тұр", "place": town.at(3, 3), "placed_by": "common_name",
            "common_name": "Көк базар", "category": "smoke", "answers": {"floor": "4"}}  # fmt: skip
    made = await post(as_("dispatcher"), "", body, status=201)
    assert (made["state"], made["answered_by"], made["phone"]) == ("answered", "dispatcher", "+7 7** *** ** 01")
    assert (made["placed_by"], made["common_name"], made["answers"]) == ("common_name", "Көк базар", {"floor": "4"})
    empty = await post(as_("dispatcher"), "", {}, status=201)
    assert (empty["place"], empty["said"], empty["outside"]) == (None, "", False)
    assert (await as_("stranger").get(f"/api/calls/{made['id']}")).status_code == 404


async def test_who_rings_is_shown_whole_for_a_purpose_alone_and_stands_in_the_audit(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    assert code(await desk.post(f"/api/calls/{id}/caller")) == (422, "purpose_needed")
    shown = await desk.post(f"/api/calls/{id}/caller", headers=PURPOSE)
    assert shown.json() == {"name": "Айгүл Омарова", "phone": PHONE, "later_names": [], "later_phones": []}
    entries = await town.sql("SELECT outcome, object_id FROM audit WHERE operation = 'calls.caller' ORDER BY id")
    assert [tuple(row) for row in entries] == [("refused", None), ("done", id)]


@pytest.mark.parametrize("who", ["planner", "administrator"])
async def test_only_dispatchers_and_commanders_meet_calls(town: Town, as_: As, who: str) -> None:
    id = await rings(town, place=town.at(0, 0))
    for answer in (
        await as_(who).get("/api/calls"),
        await as_(who).get(f"/api/calls/{id}"),
        await as_(who).post(f"/api/calls/{id}/answer"),
    ):
        assert code(answer) == (403, "not_your_role")
    assert (await as_(who).get("/api/collections/calls/items")).status_code == 404
    assert (await as_("commander").get(f"/api/calls/{id}")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"said": "а" * 100_000},
        {"said": "\x00"},
        {"radius_m": 5},
        {"placed_by": "click"},
        {"place": {"lon": 200, "lat": 0}},
        {"place": {"lon": 77, "lat": 43}, "radius_m": -1},
        {"place": {"lon": 77, "lat": 43}, "placed_by": "aml"},
        {"phone": "1" * 41},
        {"answers": {str(n): "x" for n in range(101)}},
        {"state": "ended"},
        {"incident_id": 1},
    ],
)
async def test_what_is_wrong_is_refused_in_words_and_changes_nothing(
    town: Town, as_: As, wrong: dict[str, Any]
) -> None:
    id, desk = await rings(town), as_("dispatcher")
    before = (await desk.get(f"/api/calls/{id}")).json()
    answer = await desk.patch(f"/api/calls/{id}", json=wrong)
    assert answer.status_code in (400, 422) and answer.json()["message"]["kk"], answer.text
    assert (await desk.get(f"/api/calls/{id}")).json() == before


async def test_markup_that_a_caller_spells_is_text_like_any_other(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    said = "<script>alert(1)</script>"
    answer = await desk.patch(f"/api/calls/{id}", json={"said": said, "caller_name": said})
    assert answer.headers["content-type"].startswith("application/json")
    assert (answer.json()["said"], answer.json()["caller_name"]) == (said, "<•••")


async def test_the_layer_shows_calls_on_the_line_with_their_circle_and_no_number(town: Town, as_: As) -> None:
    placed, unplaced = await rings(town, place=town.at(0, 0), radius_m=40), await rings(town)
    page = (await as_("dispatcher").get("/api/collections/calls/items", params={"current": "true"})).json()
    found = {feature["id"]: feature for feature in page["features"]}
    assert set(found) == {placed, unplaced}
    assert (found[placed]["geometry"]["type"], found[placed]["properties"]["radius_m"]) == ("Point", 40)
    assert found[unplaced]["geometry"] is None
    assert PHONES[0] not in str(page) and "phone" not in found[placed]["properties"]


async def test_a_call_stays_on_the_map_after_the_caller_hung_up_until_somebody_decided(town: Town, as_: As) -> None:
    id, desk = await rings(town, place=town.at(0, 0), radius_m=40), as_("dispatcher")
    await town.sql("UPDATE call SET state = 'ended', answered_at = now(), ended_at = now() RETURNING id")
    shown = {"current": "true"}
    page = (await desk.get("/api/collections/calls/items", params=shown)).json()
    assert [(one["id"], one["properties"]["outcome"]) for one in page["features"]] == [(id, None)]
    drawn = next(layer for layer in (await desk.get("/api/map")).json()["layers"] if layer["name"] == "calls")
    assert str(drawn["look"]).count("live://calls?state=ended&outcome=null") == 2
    await post(desk, f"/{id}/end", {"outcome": "test"})
    assert (await desk.get("/api/collections/calls/items", params=shown)).json()["features"] == []


async def test_pages_of_calls_follow_each_other(town: Town, as_: As) -> None:
    ids = [await rings(town) for _ in range(3)]
    first = (await as_("dispatcher").get("/api/calls", params={"limit": 2})).json()
    rest = (await as_("dispatcher").get("/api/calls", params={"limit": 2, "after": first["next"]})).json()
    assert [call["id"] for call in (*first["calls"], *rest["calls"])] == ids[::-1]
    assert rest["next"] is None


async def test_who_waits_longest_is_on_the_first_page_however_many_calls_nobody_decided(town: Town, as_: As) -> None:
    first, second, desk = await rings(town), await rings(town), as_("dispatcher")
    undecided = """INSERT INTO call (home_area_id, state, rang_at, answered_at, ended_at)
        SELECT id, 'ended', now(), now(), now() FROM area, generate_series(1, 5) WHERE code = 'KZ-75-MED'"""
    await town.sql(undecided + " RETURNING 1")
    taken = await rings(town)
    await post(desk, f"/{taken}/answer")
    waiting = (await desk.get("/api/calls", params={"state": "waiting", "limit": 1})).json()
    assert ([call["id"] for call in waiting["calls"]], waiting["next"], waiting["total"]) == ([first], first, 2)
    more = (await desk.get("/api/calls", params={"state": "waiting", "after": first})).json()
    assert ([call["id"] for call in more["calls"]], more["next"]) == ([second], None)
    undecided_too = (await desk.get("/api/calls", params={"state": "open", "limit": 3})).json()
    assert (len(undecided_too["calls"]), undecided_too["total"]) == (3, 8)
    assert (await desk.get("/api/calls")).json()["total"] is None


async def test_a_call_waits_where_it_was_handed_to_and_no_longer_where_it_was(town: Town, as_: As) -> None:
    (theirs, place), desk, taker = await beside(town), as_("dispatcher"), as_("stranger")
    id = await rings(town, place=place)
    await post(desk, f"/{id}/answer")
    await post(desk, f"/{id}/hand", {"area_id": theirs, "reason": "theirs"})
    asked = [(await who.get("/api/calls", params={"state": "waiting"})).json() for who in (desk, taker)]
    assert [[call["id"] for call in page["calls"]] for page in asked] == [[], [id]]
    assert [page["total"] for page in asked] == [0, 1]


async def test_what_was_said_survives_in_the_record_when_it_is_written_over(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    for said in ("Дым в подвале", "Дым в подвале, кричат", "Ошиблись", None):
        entries = (await desk.patch(f"/api/calls/{id}", json={"said": said})).json()["entries"]
    was = [entry["details"].get("was") for entry in entries if entry["kind"] == "noted"]
    assert was == [None, None, {"said": "Дым в подвале, кричат"}, {"said": "Ошиблись"}]


async def test_who_rings_as_told_later_is_masked_in_the_record_and_whole_for_a_purpose(town: Town, as_: As) -> None:
    id, desk = await rings(town), as_("dispatcher")
    told = """INSERT INTO call_entry (call_id, kind, who, details) VALUES (:id, 'told_later', '112',
        '{"phone": "+77010000099"}'), (:id, 'told_later', '112', '{"caller_name": "Берік"}') RETURNING id"""
    await town.sql(told, id=id)
    card = (await desk.get(f"/api/calls/{id}")).json()
    assert [line["details"] for line in card["entries"]] == [{"phone": "+7 7** *** ** 99"}, {"caller_name": "Б•••"}]
    whole = (await desk.post(f"/api/calls/{id}/caller", headers=PURPOSE)).json()
    assert (whole["later_phones"], whole["later_names"]) == (["+77010000099"], ["Берік"])


async def test_a_call_opens_with_the_priority_and_the_urgency_that_were_said(town: Town, as_: As) -> None:
    id, desk = await rings(town, place=town.at(10, 10)), as_("dispatcher")
    body = {"category": "child_fever", "priority": 1, "urgency": "I"}
    opened = await post(desk, f"/{id}/incident", body, status=201)
    assert (opened["priority"], opened["urgency"]) == (1, "I")
    assert code(await desk.post(f"/api/calls/{id}/incident", json={"urgency": "V"})) == (400, "bad_request")
    assert (await desk.get("/api/map")).json()["urgencies"] == {"I": 600, "II": 900, "III": 1800, "IV": 3600}
