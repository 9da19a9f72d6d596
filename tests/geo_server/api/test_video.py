"""Tickets to watch cameras: for whom, why, and what stands of it."""

import json
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

from layers.video.schema import digest

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
WHY = {"X-Qyran-Purpose": "reason:a%20fall%20at%20the%20stop"}
MASK = [{"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]]}]


class Town(Protocol):
    app: FastAPI

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


@pytest.fixture(autouse=True)
def door(town: Town) -> None:
    settings = town.app.state.settings
    town.app.state.settings = settings.model_copy(update={"video_address": "http://127.0.0.1:5056"})


async def put_up(town: Town, *, masks: Any = (), enabled: bool = True) -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, masks, enabled, geom)
        VALUES ('c-1', 'к', 'р', 'e', 'rtsp://x', 'rtsp', CAST(:masks AS jsonb), :enabled,
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    ((id,),) = await town.sql(asked, masks=json.dumps(list(masks)), enabled=enabled, **town.at(0, 0))
    return int(id)


async def ask(client: httpx.AsyncClient, camera: int, kind: str = "live", why: dict[str, str] = WHY) -> httpx.Response:
    return await client.post(f"/api/cameras/{camera}/tickets", json={"kind": kind}, headers=why)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_ticket_says_where_how_and_for_whom_and_its_token_is_nowhere_stored(town: Town, as_: As) -> None:
    camera = await put_up(town)
    answer = await ask(as_("dispatcher"), camera)
    assert answer.status_code == 201
    told = answer.json()
    assert told["address"] == "http://127.0.0.1:5056" and told["kind"] == "live" and not told["masked"]
    assert told["watermark"] == "dispatcher" and told["lasts_s"] == 30
    ((row,),) = await town.sql("SELECT to_jsonb(t) FROM video_ticket t")
    assert told["ticket"] not in json.dumps(row)
    assert row["token_sha256"] == "\\x" + digest(told["ticket"]).hex()
    assert (row["camera_id"], row["session_id"], row["used_at"]) == (camera, 1, None)


async def test_who_plans_sees_a_camera_with_masks_picture_by_picture(town: Town, as_: As) -> None:
    camera = await put_up(town, masks=MASK)
    for who, kind, masked in (("planner", "mjpeg", True), ("commander", "live", False)):
        told = (await ask(as_(who), camera)).json()
        assert (told["kind"], told["masked"]) == (kind, masked)


async def test_each_ticket_and_each_refusal_stands_in_the_audit_with_its_purpose(town: Town, as_: As) -> None:
    camera = await put_up(town)
    assert code(await ask(as_("dispatcher"), camera, why={})) == (422, "purpose_needed")
    assert code(await ask(as_("stranger"), camera)) == (404, "no_such_camera")
    assert code(await ask(as_("administrator"), camera)) == (403, "not_your_role")
    await ask(as_("dispatcher"), camera)
    asked = """SELECT who, code, purpose ->> 'reason', details ->> 'kind' FROM audit
        WHERE operation = 'video.watch' ORDER BY id"""
    assert [tuple(row) for row in await town.sql(asked)] == [
        ("dispatcher", "purpose_needed", None, None),
        ("stranger", "no_such_camera", "a fall at the stop", None),
        ("administrator", "not_your_role", None, None),
        ("dispatcher", None, "a fall at the stop", "live"),
    ]


async def test_a_camera_that_is_off_and_a_server_without_video_are_told(town: Town, as_: As) -> None:
    camera = await put_up(town, enabled=False)
    assert code(await ask(as_("dispatcher"), camera)) == (409, "camera_off")
    town.app.state.settings = town.app.state.settings.model_copy(update={"video_address": None})
    assert code(await ask(as_("dispatcher"), camera)) == (503, "no_video_door")
