"""Stored video: what is there, what is not and why, for whom, against which ticket; holds and exports."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.errors import Refusal
from geo_server.recordings import departed, playing
from layers.database import visit
from layers.recordings import export_queries, queries
from layers.recordings.schema import Gap, State, Written
from layers.values import Role
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
WHY = {"X-Qyran-Purpose": "reason:a%20theft%20at%20the%20stop"}
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


class Town(Protocol):
    app: FastAPI
    engine: AsyncEngine

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...
    async def event(self, kind: str = "line_crossing", **more: Any) -> int: ...


@pytest.fixture(autouse=True)
def door(town: Town) -> None:
    settings = town.app.state.settings
    town.app.state.settings = settings.model_copy(update={"video_address": "http://127.0.0.1:5056"})


async def put_up(town: Town, code: str = "c-1") -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES (:code, 'к',
        'р', 'e', 'rtsp://x', 'rtsp', 'continuous', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        RETURNING id"""
    ((id,),) = await town.sql(asked, code=code, **town.at(0, 0))
    return int(id)


async def recorded(town: Town, camera: int, since_s: float, until_s: float) -> None:
    begins, ends = (START + timedelta(seconds=s) for s in (since_s, until_s))
    one = Written(
        camera_id=camera, path=f"{camera}/{since_s}.mp4", begins_at=begins, ends_at=ends, size=100, init_size=10,
        codec="avc1.640028", index=((0, 10, 1),), retention="public", sha256=hashlib.sha256(b"x").digest(),
    )  # fmt: skip
    async with visit(town.engine) as session:
        await queries.keep(session, [one])


def span(since_s: float, until_s: float) -> dict[str, str]:
    return {
        "from": (START + timedelta(seconds=since_s)).isoformat(),
        "to": (START + timedelta(seconds=until_s)).isoformat(),
    }


def sent(since_s: float, until_s: float) -> dict[str, str]:
    told = span(since_s, until_s)
    return {"begins_at": told["from"], "ends_at": told["to"]}


async def search(client: httpx.AsyncClient, camera: int, why: dict[str, str] = WHY) -> httpx.Response:
    return await client.get("/api/recordings", params={"camera": camera, **span(0, 600)}, headers=why)


async def test_what_was_recorded_is_told_and_what_was_not_says_why(town: Town, as_: As) -> None:
    camera = await put_up(town)
    await recorded(town, camera, 0, 300)
    gap = Gap(
        camera_id=camera,
        begins_at=START + timedelta(seconds=300),
        ends_at=START + timedelta(seconds=400),
        reason="disk_full",
    )
    async with visit(town.engine) as session:
        await queries.begin_gap(session, gap)
    event = await town.event()
    at = START + timedelta(seconds=200)
    await town.sql("UPDATE event SET camera_id = :camera, at = :at", camera=camera, at=at)
    answer = await search(as_("dispatcher"), camera)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["cameras"]
    assert (one["code"], one["days"], one["record"]) == ("c-1", 30, "continuous")
    assert len(one["recorded"]) == 1
    assert [part["reason"] for part in one["gaps"]] == ["disk_full", "not_recorded"]
    assert [row["id"] for row in one["events"]] == [event]


async def test_what_hinders_a_recording_now_is_told_as_a_code_that_each_window_says_in_its_language(
    town: Town, as_: As
) -> None:
    camera = await put_up(town)
    fares = State(
        camera_id=camera, at=datetime.now(UTC), state="failing", reason="disk_full", sentence="The disk … is full."
    )
    async with visit(town.engine) as session:
        await queries.write_states(session, [fares])
    (one,) = (await search(as_("dispatcher"), camera)).json()["cameras"]
    assert (one["state"], one["reason"]) == ("failing", "disk_full") and "sentence" not in one


async def test_who_states_no_purpose_or_does_not_see_the_camera_gets_nothing(town: Town, as_: As) -> None:
    camera = await put_up(town)
    assert (await search(as_("dispatcher"), camera, {})).json()["code"] == "purpose_needed"
    assert (await search(as_("stranger"), camera)).json()["code"] == "no_such_camera"
    assert (await search(as_("crew"), camera)).status_code == 403
    wrong = await as_("dispatcher").get("/api/recordings", params={"camera": camera, **span(600, 0)}, headers=WHY)
    assert wrong.json()["code"] == "wrong_interval"


async def test_a_ticket_to_play_is_for_one_camera_and_interval(town: Town, as_: As) -> None:
    camera = await put_up(town)
    asked = {"camera": camera, **sent(0, 300)}
    answer = await as_("dispatcher").post("/api/recordings/tickets", json=asked, headers=WHY)
    assert answer.status_code == 201, answer.text
    assert answer.json()["address"] == "http://127.0.0.1:5056" and answer.json()["watermark"] == "dispatcher"
    ((row,),) = await town.sql("SELECT to_jsonb(t) FROM video_ticket t")
    assert (row["kind"], row["camera_id"], row["event_id"]) == ("playback", camera, None) and row["begins_at"]
    assert (await as_("crew").post("/api/recordings/tickets", json=asked, headers=WHY)).json()[
        "code"
    ] == "not_your_role"


MASKS = """UPDATE camera SET masks = '[{"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]]}]' WHERE id = :camera"""


async def test_who_may_not_see_what_a_mask_covers_plays_it_masked_and_takes_none_of_it_home(
    town: Town, as_: As
) -> None:
    camera, other = await put_up(town, "c-2"), await put_up(town)
    await town.sql(MASKS, camera=camera)
    asked = {"camera": camera, **sent(0, 300)}
    for who, masked in (("planner", True), ("dispatcher", False)):
        answer = await as_(who).post("/api/recordings/tickets", json=asked, headers=WHY)
        assert (answer.status_code, answer.json()["masked"]) == (201, masked), answer.text
    assert await town.sql("SELECT masked FROM video_ticket ORDER BY id") == [(True,), (False,)]
    await town.sql("UPDATE camera SET masks = '[]'")
    new = {"cameras": [other, camera], **sent(0, 300), "reason": "A trial", "legal_basis": "Request 17/2026"}
    export = (await as_("dispatcher").post("/api/recordings/exports", json=new, headers=WHY)).json()["id"]
    await town.sql("UPDATE video_export SET state = 'ready', path = 'p', bytes = 9, camera_ids = ARRAY[:a, :b]",
                   a=other, b=camera)  # fmt: skip
    await town.sql(MASKS, camera=camera)
    viewer = Viewer(account_id=1, name="x", role=Role.PLANNER, area_id=1, own_area_id=1)
    async with visit(town.engine) as session:
        found = await export_queries.find(session, export)
        assert found is not None
        with pytest.raises(Refusal, match="masked_recording"):
            await playing.hand_out(session, viewer, 1, playing.of_export(found))


async def test_the_clip_of_an_event_is_told_and_played(town: Town, as_: As) -> None:
    camera, event = await put_up(town), await town.event()
    await town.sql("UPDATE event SET camera_id = :camera", camera=camera)
    read = as_("dispatcher").get
    assert (await read(f"/api/events/{event}")).json()["clip"] is None
    asked = {"event": event}
    assert (await as_("dispatcher").post("/api/recordings/tickets", json=asked, headers=WHY)).status_code == 404
    await town.sql(
        """INSERT INTO event_clip (event_id, camera_id, begins_at, ends_at, state, path, bytes, sha256)
        VALUES (:event, :camera, now() - interval '30 s', now(), 'ready', 'p', 5, sha256('x'))""",
        event=event,
        camera=camera,
    )
    clip = (await read(f"/api/events/{event}")).json()["clip"]
    assert (clip["state"], clip["bytes"]) == ("ready", 5) and "path" not in clip
    answer = await as_("dispatcher").post("/api/recordings/tickets", json=asked, headers=WHY)
    assert answer.status_code == 201, answer.text


async def test_a_hold_is_set_by_a_desk_and_released_by_a_commander(town: Town, as_: As) -> None:
    camera = await put_up(town)
    new = {"cameras": [camera], **sent(0, 300), "reason": "A trial", "legal_basis": "Code of criminal procedure, 118"}
    desk, commander = as_("dispatcher"), as_("local commander")
    answer = await desk.post("/api/recordings/holds", json=new, headers=WHY)
    assert answer.status_code == 201, answer.text
    (hold,) = answer.json()["holds"]
    assert (hold["camera_id"], hold["set_by"], hold["released_at"]) == (camera, "dispatcher", None)
    (one,) = (await search(desk, camera)).json()["cameras"]
    assert [part["id"] for part in one["held"]] == [hold["id"]]
    over = {"reason": "The trial is over"}
    assert (await desk.post(f"/api/recordings/holds/{hold['id']}/release", json=over, headers=WHY)).status_code == 403
    done = await commander.post(f"/api/recordings/holds/{hold['id']}/release", json=over, headers=WHY)
    assert done.json()["released_by"] == "local commander" and done.json()["release_reason"] == "The trial is over"
    again = await commander.post(f"/api/recordings/holds/{hold['id']}/release", json={"reason": "x"}, headers=WHY)
    assert again.json()["release_reason"] == "The trial is over"
    assert (await desk.get("/api/recordings/holds", headers=WHY)).json()["holds"] == []
    everything = await desk.get("/api/recordings/holds", params={"standing": False}, headers=WHY)
    assert len(everything.json()["holds"]) == 1
    assert (await commander.post("/api/recordings/holds/999/release", json=over, headers=WHY)).status_code == 404
    nothing = await desk.post("/api/recordings/holds", json=new | {"cameras": []}, headers=WHY)
    assert nothing.json()["code"] == "no_camera_to_hold"


async def test_a_hold_that_ends_before_it_begins_or_is_of_years_is_refused_with_its_limits(town: Town, as_: As) -> None:
    new = {"cameras": [await put_up(town)], "reason": "A trial", "legal_basis": "Code of criminal procedure, 118"}
    day = 24 * 3600
    for since_s, until_s in ((300, 0), (0, 0), (-91 * day, 0), (0, 31 * day)):
        answer = await as_("dispatcher").post("/api/recordings/holds", json=new | sent(since_s, until_s), headers=WHY)
        assert (answer.status_code, answer.json()["code"]) == (400, "wrong_hold"), answer.text
        assert answer.json()["details"] == {"days": 90, "ahead": 30}
    for since_s, until_s in ((-90 * day, 0), (0, 29 * day)):
        answer = await as_("dispatcher").post("/api/recordings/holds", json=new | sent(since_s, until_s), headers=WHY)
        assert answer.status_code == 201, answer.text


async def test_an_export_is_asked_for_on_a_ground_and_taken_home_once_it_is_ready(town: Town, as_: As) -> None:
    camera, desk = await put_up(town), as_("dispatcher")
    new = {"cameras": [camera], **sent(0, 300), "reason": "A trial", "legal_basis": "Request 17/2026"}
    answer = await desk.post("/api/recordings/exports", json=new, headers=WHY)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["state"], made["asked_by"], made["camera_ids"]) == ("waiting", "dispatcher", [camera])
    at = f"/api/recordings/exports/{made['id']}/tickets"
    assert (await desk.post(at, headers=WHY)).json()["code"] == "export_not_ready"
    await town.sql("UPDATE video_export SET state = 'ready', path = 'p', bytes = 9, sha256 = sha256('x')")
    assert (await desk.get("/api/recordings/exports", headers=WHY)).json()["exports"][0]["bytes"] == 9
    assert (await desk.post(at, headers=WHY)).status_code == 201
    assert (await as_("stranger").get("/api/recordings/exports", headers=WHY)).json()["exports"] == []
    assert (await as_("stranger").post(at, headers=WHY)).status_code == 404
    long = new | sent(-30 * 3600, 300)
    assert (await desk.post("/api/recordings/exports", json=long, headers=WHY)).json()["code"] == "wrong_interval"
    ((operation, purpose),) = await town.sql(
        """SELECT operation, purpose FROM audit WHERE operation = 'recordings.export' AND outcome = 'done'
        ORDER BY id LIMIT 1"""
    )
    assert purpose == {"reason": "a theft at the stop"}, operation


async def test_an_export_that_was_deleted_stands_in_the_audit_once(town: Town, as_: As) -> None:
    new = {"cameras": [await put_up(town)], **sent(0, 300), "reason": "A trial", "legal_basis": "Request 17/2026"}
    export = (await as_("dispatcher").post("/api/recordings/exports", json=new, headers=WHY)).json()["id"]
    assert await departed.look(town.engine) == 0
    await town.sql("UPDATE video_export SET state = 'deleted', deleted_at = now(), bytes = 9")
    assert [await departed.look(town.engine) for _ in range(2)] == [1, 0]
    told = "SELECT who, object_id, details->>'asked_by', area_id IS NOT NULL FROM audit WHERE operation = :operation"
    assert await town.sql(told, operation="recordings.forget") == [("retention", export, "dispatcher", True)]


async def test_who_was_granted_a_look_neither_takes_exports_home_nor_releases_what_is_held(town: Town, as_: As) -> None:
    camera, desk, guest = await put_up(town), as_("stranger"), as_("local commander")
    other = "(SELECT min(code) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED')"
    await town.sql(f"UPDATE camera SET geom = (SELECT ST_PointOnSurface(geom) FROM area WHERE code = {other})")
    asked = {"cameras": [camera], **sent(0, 300), "reason": "A trial", "legal_basis": "ERDR 1"}
    (hold,) = (await desk.post("/api/recordings/holds", json=asked, headers=WHY)).json()["holds"]
    export = (await desk.post("/api/recordings/exports", json=asked, headers=WHY)).json()["id"]
    await town.sql(f"""INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)
        SELECT 'area', of.id, mine.id, 'help', 'x', now() + interval '1 hour' FROM area of, area mine
         WHERE of.code = {other} AND mine.code = 'KZ-75-MED'""")
    assert len((await guest.get("/api/recordings/holds", headers=WHY)).json()["holds"]) == 1  # they do look
    assert (await guest.get("/api/recordings/exports", headers=WHY)).json()["exports"] == []
    home = await guest.post(f"/api/recordings/exports/{export}/tickets", headers=WHY)
    assert home.json()["code"] == "no_such_export"
    release = f"/api/recordings/holds/{hold['id']}/release"
    assert (await guest.post(release, json={"reason": "x y z"}, headers=WHY)).json()["code"] == "camera_not_yours"
    assert await town.sql("SELECT 1 FROM legal_hold WHERE released_at IS NULL")
    assert (await as_("commander").post(release, json={"reason": "x y z"}, headers=WHY)).status_code == 200


async def test_a_hold_does_not_tell_of_an_incident_out_of_sight(town: Town, as_: As) -> None:
    camera, desk = await put_up(town), as_("dispatcher")
    event = await town.event(camera_id=camera)
    asked = {"cameras": [camera], **sent(0, 300), "event": event, "reason": "A trial", "legal_basis": "ERDR 1"}
    assert (await desk.post("/api/recordings/holds", json=asked, headers=WHY)).json()["holds"][0]["event_id"] == event
    await town.sql("UPDATE event SET geom = ST_Translate(geom, 20, 0)")
    (hold,) = (await desk.get("/api/recordings/holds", headers=WHY)).json()["holds"]
    assert hold["event_id"] is None
