"""The dispatcher's queue: confirm and reject, for those who may, once."""

import asyncio
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def test_a_new_event_stands_in_the_queue_with_a_proposal_to_open(town: Town, as_: As) -> None:
    event_id = await town.event()
    answer = await as_("dispatcher").get("/api/events?state=new")
    assert answer.status_code == 200, answer.text
    (event,) = answer.json()["events"]
    assert event["id"] == event_id and event["state"] == "new" and event["at"].endswith("Z")
    assert event["proposal"]["action"] == "open" and event["proposal"]["category"] == "intrusion"
    assert event["proposal"]["priority"] == 3 and set(event["proposal"]["reason"]) == {"kk", "ru", "en"}
    assert event["camera"] is None and event["picture"] is None and event["area"]["name"]["kk"]


async def test_confirming_opens_an_incident_writes_its_timeline_and_rings_the_bell(town: Town, as_: As) -> None:
    event_id = await town.event()
    answer = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={})
    assert answer.status_code == 200, answer.text
    event, incident = answer.json()["event"], answer.json()["incident"]
    assert event["state"] == "confirmed" and event["decided_by"] == "dispatcher"
    assert event["incident_id"] == incident["id"] and event["proposal"] is None
    assert incident["state"] == "pending" and incident["category"] == "intrusion" and incident["priority"] == 3
    assert incident["number"][2] == "-" and len(incident["number"]) == 9
    assert [line["kind"] for line in incident["timeline"]] == ["opened", "joined"]
    assert [one["id"] for one in incident["events"]] == [event_id]
    rung = await town.sql("SELECT layer, feature_id FROM change ORDER BY seq")
    assert {tuple(row) for row in rung} == {("events", event_id), ("incidents", incident["id"])}


async def test_confirming_again_answers_the_same_and_rings_no_more(town: Town, as_: As) -> None:
    event_id = await town.event()
    first = (await as_("dispatcher").post(f"/api/events/{event_id}/confirm")).json()
    again = (await as_("second").post(f"/api/events/{event_id}/confirm", json={"category": "theft"})).json()
    assert again == first
    assert len(await town.sql("SELECT 1 FROM incident")) == 1
    assert len(await town.sql("SELECT 1 FROM change")) == 2


async def test_ten_dispatchers_confirming_at_once_open_one_incident(town: Town, as_: As) -> None:
    event_id = await town.event()
    asked = [as_(("dispatcher", "second")[i % 2]).post(f"/api/events/{event_id}/confirm", json={}) for i in range(10)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["incident"]["id"] for answer in answers}) == 1
    assert len(await town.sql("SELECT 1 FROM incident")) == 1
    assert len(await town.sql("SELECT 1 FROM incident_entry")) == 2


async def test_a_yes_and_a_no_at_once_leave_one_decision_and_one_clean_409(town: Town, as_: As) -> None:
    for _ in range(5):
        event_id = await town.event(place=town.at(4000, 4000))
        yes = as_("commander").post(f"/api/events/{event_id}/confirm", json={"join": None})
        no = as_("commander").post(f"/api/events/{event_id}/reject", json={"reason": "a cat"})
        codes = sorted(answer.status_code for answer in await asyncio.gather(yes, no))
        assert codes == [200, 409]


async def test_a_second_event_nearby_is_proposed_to_join_and_joins_where_that_is_said(town: Town, as_: As) -> None:
    first = (await as_("dispatcher").post(f"/api/events/{await town.event()}/confirm", json={})).json()["incident"]
    event_id = await town.event("zone_motion", place=town.at(60, 20))
    proposal = (await as_("dispatcher").get(f"/api/events/{event_id}")).json()["proposal"]
    assert proposal["action"] == "join" and proposal["incident"]["id"] == first["id"]
    assert proposal["distance_m"] == pytest.approx(40, abs=1)
    yes = {"join": proposal["incident"]["id"]}
    joined = (await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json=yes)).json()
    assert joined["incident"]["id"] == first["id"] and len(joined["incident"]["events"]) == 2
    assert joined["event"]["likenesses"] == []


@pytest.mark.parametrize("yes", [None, {}, {"priority": 1}])
async def test_nothing_is_joined_that_nobody_named(town: Town, as_: As, yes: Any) -> None:
    first = (await as_("dispatcher").post(f"/api/events/{await town.event()}/confirm", json={})).json()["incident"]
    event_id = await town.event("zone_motion", place=town.at(60, 20))
    opened = (await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json=yes)).json()["incident"]
    assert opened["id"] != first["id"] and opened["category"] == "intrusion"


async def test_all_it_may_be_about_is_listed_with_the_reason_and_any_of_it_is_joined(town: Town, as_: As) -> None:
    places = [town.at(20 + 50 * n, 20) for n in range(3)]
    opened = [
        (await as_("dispatcher").post("/api/incidents", json={"category": "intrusion", "place": place})).json()["id"]
        for place in places
    ]
    event_id = await town.event()
    event = (await as_("dispatcher").get(f"/api/events/{event_id}")).json()
    assert [one["incident"]["id"] for one in event["likenesses"]] == opened
    assert event["proposal"]["incident"]["id"] == opened[0]
    assert event["proposal"]["reason"] == event["likenesses"][0]["because"]
    assert all(set(one["because"]) == {"kk", "ru", "en"} for one in event["likenesses"])
    answer = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={"join": opened[2]})
    assert answer.json()["incident"]["id"] == opened[2]


async def test_an_event_may_be_about_whatever_the_error_of_its_place_reaches(town: Town, as_: As) -> None:
    far = {"category": "intrusion", "place": town.at(320, 20)}
    opened = (await as_("dispatcher").post("/api/incidents", json=far)).json()["id"]
    event_id = await town.event()
    path = f"/api/events/{event_id}"
    assert (await as_("dispatcher").get(path)).json()["likenesses"] == []
    asked = "UPDATE event SET ellipse_major_m = 150, ellipse_minor_m = 40, ellipse_bearing_deg = 0 WHERE id = :id"
    await town.sql(asked, id=event_id)
    (found,) = (await as_("dispatcher").get(path)).json()["likenesses"]
    assert found["incident"]["id"] == opened and "±150 m" in found["because"]["en"]


async def test_a_dispatcher_may_open_another_incident_though_joining_was_proposed(town: Town, as_: As) -> None:
    first = (await as_("dispatcher").post(f"/api/events/{await town.event()}/confirm", json={})).json()["incident"]
    event_id = await town.event()
    said = {"join": None, "category": "assault", "description": "Two men fighting"}
    answer = (await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json=said)).json()["incident"]
    assert answer["id"] != first["id"]
    assert (answer["category"], answer["priority"], answer["description"]) == ("assault", 1, "Two men fighting")


@pytest.mark.parametrize("more", [{"category": "assault"}, {"priority": 1}, {"category": "fire", "priority": 2}])
async def test_an_incident_that_is_joined_keeps_its_category_and_priority(
    town: Town, as_: As, more: dict[str, Any]
) -> None:
    first = (await as_("dispatcher").post(f"/api/events/{await town.event()}/confirm", json={})).json()["incident"]
    event_id = await town.event()
    refused = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={"join": first["id"], **more})
    assert (refused.status_code, refused.json()["code"]) == (400, "joined_keeps_its_own")
    assert (await as_("dispatcher").get(f"/api/events/{event_id}")).json()["state"] == "new"


async def test_what_is_said_with_a_yes_that_joins_is_a_note_on_the_incident(town: Town, as_: As) -> None:
    first = (await as_("dispatcher").post(f"/api/events/{await town.event()}/confirm", json={})).json()["incident"]
    yes = {"join": first["id"], "description": "A second car"}
    answer = await as_("dispatcher").post(f"/api/events/{await town.event()}/confirm", json=yes)
    joined = answer.json()["incident"]
    assert [(e["kind"], e["details"].get("text")) for e in joined["timeline"]][-2:] == [
        ("joined", None),
        ("note", "A second car"),
    ]
    assert joined["description"] == first["description"]


async def test_who_does_not_see_the_incident_of_a_confirmed_event_is_told_that_it_is_decided(
    town: Town, as_: As
) -> None:
    far = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    other = (await as_("commander").post("/api/incidents", json={"category": "theft", "place": far})).json()
    event_id = await town.event()
    joined = await as_("commander").post(f"/api/events/{event_id}/confirm", json={"join": other["id"]})
    assert joined.status_code == 200
    again = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert again.json()["details"] == {"id": event_id, "state": "confirmed", "by": "commander"}


async def test_what_a_caller_said_stands_on_the_incident(town: Town, as_: As) -> None:
    said = (
        '{"category": "medical", "description": "Ер адам құлап қалды", "address": "Абай 1", "caller_phone": "+7 701"}'
    )
    event_id = await town.event("outside", details=said)
    incident = (await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={})).json()["incident"]
    assert incident["category"] == "medical" and incident["address"] == "Абай 1"
    assert incident["description"] == "Ер адам құлап қалды" and incident["caller"]["masked"] is True


async def test_rejecting_needs_a_reason_and_keeps_it(town: Town, as_: As) -> None:
    event_id = await town.event()
    for nothing in ({}, {"reason": ""}, {"reason": "   "}):
        refused = await as_("dispatcher").post(f"/api/events/{event_id}/reject", json=nothing)
        assert refused.status_code == 400, refused.text
    kept = (await as_("dispatcher").post(f"/api/events/{event_id}/reject", json={"reason": "A cat"})).json()["event"]
    assert (kept["state"], kept["reason"], kept["decided_by"]) == ("rejected", "A cat", "dispatcher")
    again = await as_("second").post(f"/api/events/{event_id}/reject", json={"reason": "A dog"})
    assert again.json()["event"] == kept
    late = await as_("second").post(f"/api/events/{event_id}/confirm", json={})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")


async def test_who_sees_another_area_is_told_there_is_no_such_event(town: Town, as_: As) -> None:
    event_id = await town.event()
    stranger = as_("stranger")
    assert (await stranger.get("/api/events")).json()["events"] == []
    for answer in (
        await stranger.get(f"/api/events/{event_id}"),
        await stranger.get(f"/api/events/{event_id}/picture"),
        await stranger.post(f"/api/events/{event_id}/confirm", json={}),
        await stranger.post(f"/api/events/{event_id}/reject", json={"reason": "no"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_event")
    assert len((await as_("commander").get("/api/events")).json()["events"]) == 1


async def test_joining_an_incident_of_another_area_or_a_closed_one_is_refused(town: Town, as_: As) -> None:
    event_id = await town.event()
    far = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    other = (await as_("stranger").post("/api/incidents", json={"category": "theft", "place": far})).json()
    refused = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={"join": other["id"]})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_incident")
    await as_("stranger").post(f"/api/incidents/{other['id']}/close")
    closed = await as_("commander").post(f"/api/events/{event_id}/confirm", json={"join": other["id"]})
    assert (closed.status_code, closed.json()["code"]) == (409, "incident_closed")
    assert (await as_("dispatcher").get(f"/api/events/{event_id}")).json()["state"] == "new"


async def test_a_planner_looks_and_does_not_decide(town: Town, as_: As) -> None:
    event_id = await town.event()
    assert (await as_("planner").get(f"/api/events/{event_id}")).status_code == 200
    for act, body in (("confirm", {}), ("reject", {"reason": "no"})):
        answer = await as_("planner").post(f"/api/events/{event_id}/{act}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")


async def test_a_picture_of_a_camera_that_hides_something_is_masked_for_whoever_sees_that_masked(
    town: Town, as_: As
) -> None:
    event_id = await town.event()
    await town.sql(
        """WITH hiding AS (INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, geom, masks)
        SELECT 'HID-1', 'к', 'к', 'c', 'none', 'none', geom,
        '[{"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]]}]' FROM event WHERE id = :id RETURNING id)
        UPDATE event SET camera_id = hiding.id FROM hiding WHERE event.id = :id""",
        id=event_id,
    )
    await town.sql("INSERT INTO event_picture VALUES (:id, :jpeg, 640, 480, '{1,2,3,4}')", id=event_id, jpeg=b"whole")
    of_before = await as_("planner").get(f"/api/events/{event_id}/picture")
    assert (of_before.status_code, of_before.json()["code"]) == (403, "picture_hidden")
    await town.sql("UPDATE event_picture SET masked_jpeg = :jpeg", jpeg=b"masked")
    masked = await as_("planner").get(f"/api/events/{event_id}/picture")
    whole = await as_("dispatcher").get(f"/api/events/{event_id}/picture")
    assert (masked.content, whole.content) == (b"masked", b"whole")
    held = {"If-None-Match": whole.headers["etag"]}
    assert (await as_("planner").get(f"/api/events/{event_id}/picture", headers=held)).content == b"masked"
    await town.sql("UPDATE camera SET masks = '[]'")
    assert (await as_("planner").get(f"/api/events/{event_id}/picture")).content == b"masked"


async def test_the_picture_is_served_as_it_was_taken(town: Town, as_: As) -> None:
    event_id = await town.event()
    missing = await as_("dispatcher").get(f"/api/events/{event_id}/picture")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_picture")
    asked = "INSERT INTO event_picture VALUES (:id, :jpeg, 640, 480, '{1,2,3,4}')"
    await town.sql(asked, id=event_id, jpeg=b"\xff\xd8picture")
    answer = await as_("dispatcher").get(f"/api/events/{event_id}/picture")
    assert answer.content == b"\xff\xd8picture" and answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-cache" and answer.headers["vary"] == "Cookie, Authorization"
    held = {"If-None-Match": answer.headers["etag"]}
    assert (await as_("dispatcher").get(f"/api/events/{event_id}/picture", headers=held)).status_code == 304
    assert (await as_("stranger").get(f"/api/events/{event_id}/picture", headers=held)).status_code == 404
    event = (await as_("dispatcher").get(f"/api/events/{event_id}")).json()
    assert event["picture"] == {
        "url": f"/api/events/{event_id}/picture",
        "width_px": 640,
        "height_px": 480,
        "box": [1, 2, 3, 4],
    }


async def test_the_queue_is_read_page_by_page(town: Town, as_: As) -> None:
    ids = [await town.event() for _ in range(5)]
    seen: list[int] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        after = f"&after={page['next']}" if page["next"] else ""
        page = (await as_("dispatcher").get(f"/api/events?limit=2{after}")).json()
        seen += [event["id"] for event in page["events"]]
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    "body",
    [
        '{"priority": 0}',
        '{"priority": NaN}',
        '{"join": 0}',
        '{"join": 99999999999999999999}',
        '{"what": 1}',
        "[",
        "1",
        '{"description": "\\u0000"}',
        '{"description": "\\ud800"}',
        '{"category": "no_such_thing"}',
    ],
)
async def test_a_bad_confirmation_is_refused_and_changes_nothing(town: Town, as_: As, body: str) -> None:
    event_id = await town.event()
    headers = {"content-type": "application/json"}
    answer = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", content=body, headers=headers)
    assert answer.status_code == 400 and set(answer.json()) == {"code", "description", "message", "details"}
    assert (await as_("dispatcher").get(f"/api/events/{event_id}")).json()["state"] == "new"


@pytest.mark.parametrize("event_id", ["0", "-1", "x", "99999999999999999999", "9223372036854775807"])
async def test_an_id_that_cannot_be_is_refused(town: Town, as_: As, event_id: str) -> None:
    assert (await as_("dispatcher").get(f"/api/events/{event_id}")).status_code in (400, 404)


async def test_a_full_disk_of_the_store_is_told_and_decides_nothing(town: Town, as_: As) -> None:
    event_id = await town.event()
    await town.sql("""CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$""")
    await town.sql("CREATE TRIGGER full_disk BEFORE UPDATE ON event EXECUTE FUNCTION full_disk()")
    answer = await as_("dispatcher").post(f"/api/events/{event_id}/reject", json={"reason": "a dog"})
    assert (answer.status_code, answer.json()["code"]) == (503, "store_full")
    assert (await as_("dispatcher").get(f"/api/events/{event_id}")).json()["state"] == "new"
