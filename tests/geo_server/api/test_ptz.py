"""Turning a camera over HTTP: what is asked stands as a row, who holds it is told, the higher rank takes it over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import httpx
import pytest
from fastapi import Request

from geo_server.access.current import any_session
from geo_server.access.schema import OpenSession

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]


class Town(Protocol):
    engine: Any
    app: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def put_up(town: Town, code: str = "C-1", kind: str = "ptz") -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, heading_deg, state, geom)
        VALUES (:code, 'к', 'р', 'e', 'rtsp://x', 'rtsp', :kind, 90, 'live', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        RETURNING id"""
    ((camera_id,),) = await town.sql(asked, code=code, kind=kind, **town.at(0, 0))
    preset = (
        "INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en) VALUES (:id, '1', 'к', 'р', 'gate')"
    )
    await town.sql(preset, id=camera_id)
    return int(camera_id)


async def turn(as_: As, camera: int, command: Any, who: str = "dispatcher") -> httpx.Response:
    return await as_(who).post(f"/api/cameras/{camera}/ptz", json={"command": command})


async def test_a_command_stands_as_a_row_and_is_audited_and_the_camera_is_held(town: Town, as_: As) -> None:
    camera = await put_up(town)
    answer = await turn(as_, camera, {"kind": "look_at", "place": town.at(30, 0)})
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert told["holder"]["account"] == "dispatcher" and told["holder"]["mine"] is True
    assert (told["command"]["kind"], told["command"]["outcome"]) == ("look_at", None)
    assert told["name"] == {"kk": "к", "ru": "р", "en": "e"}
    assert [one["name"]["en"] for one in told["presets"]] == ["gate"]
    ((kind, args, rank),) = await town.sql("SELECT kind, args, asked_rank FROM camera_command")
    assert (kind, args, rank) == ("look_at", town.at(30, 0), 1)
    ((details,),) = await town.sql("SELECT details FROM audit WHERE operation = 'cameras.ptz'")
    assert details["kind"] == "look_at"


@pytest.mark.parametrize(
    ("range_m", "east_m", "code", "words"),
    [
        (120, 130_000, "place_beyond_range", ("120 м-ге дейін", "видит на 120 м", "up to 120 m")),
        (120, 121, "place_beyond_range", ("121 м жерде", "До этого места 121 м", "121 m away")),
        (50_000, 20_000, "place_beyond_horizon", ("көкжиегі 131", "горизонт этой камеры — 131", "horizon lies at 131")),
    ],
)
async def test_a_place_of_which_the_camera_shows_nothing_is_refused_and_never_told_as_done(
    town: Town, as_: As, range_m: float, east_m: float, code: str, words: tuple[str, str, str]
) -> None:
    camera = await put_up(town)
    await town.sql("UPDATE camera SET range_m = :range_m, height_m = 6 RETURNING 1", range_m=range_m)
    refused = await turn(as_, camera, {"kind": "look_at", "place": town.at(east_m, 0)})
    told = refused.json()
    assert (refused.status_code, told["code"]) == (422, code), refused.text
    assert all(part in told["message"][tongue] for tongue, part in zip(("kk", "ru", "en"), words, strict=True)), told
    assert await town.sql("SELECT id FROM camera_command") == [] == await town.sql("SELECT * FROM camera_lock")
    assert (await turn(as_, camera, {"kind": "look_at", "place": town.at(119, 0)})).status_code == 202


async def test_equals_wait_a_commander_takes_over_and_the_one_who_lost_it_is_told_who_has_it(
    town: Town, as_: As
) -> None:
    camera = await put_up(town)
    move = {"kind": "move", "pan": 0.5}
    assert (await turn(as_, camera, move)).status_code == 202
    refused = await turn(as_, camera, move, "second")
    assert (refused.status_code, refused.json()["details"]["by"]) == (409, "dispatcher")
    assert (await turn(as_, camera, {"kind": "preset", "token": "1"}, "commander")).status_code == 202
    told = (await as_("dispatcher").get(f"/api/cameras/{camera}/ptz")).json()["holder"]
    assert (told["account"], told["mine"], told["yours"]) == ("commander", False, False)
    assert (await turn(as_, camera, move)).json()["code"] == "camera_held"
    ((over,),) = await town.sql("SELECT details->>'taken_from' FROM audit WHERE details ? 'taken_from'")
    assert over == "dispatcher"


async def test_a_camera_is_held_and_let_go_without_moving_it(town: Town, as_: As) -> None:
    camera = await put_up(town)
    assert (await as_("dispatcher").post(f"/api/cameras/{camera}/lock")).json()["holder"]["mine"] is True
    assert (await as_("second").post(f"/api/cameras/{camera}/lock")).status_code == 409
    assert (await as_("second").delete(f"/api/cameras/{camera}/lock")).status_code == 204
    assert (await as_("second").post(f"/api/cameras/{camera}/lock")).status_code == 409
    assert (await as_("dispatcher").delete(f"/api/cameras/{camera}/lock")).status_code == 204
    assert (await as_("second").post(f"/api/cameras/{camera}/lock")).status_code == 200
    assert await town.sql("SELECT id FROM camera_command") == []


async def test_who_does_not_see_a_camera_neither_turns_it_nor_learns_of_it(town: Town, as_: As) -> None:
    camera, fixed = await put_up(town), await put_up(town, "C-2", "fixed")
    for ask in (
        turn(as_, camera, {"kind": "stop"}, "stranger"),
        as_("stranger").get(f"/api/cameras/{camera}/ptz"),
        as_("stranger").post(f"/api/cameras/{camera}/lock"),
        as_("stranger").delete(f"/api/cameras/{camera}/lock"),
    ):
        answer = await ask
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_camera")
    assert (await turn(as_, camera, {"kind": "stop"}, "planner")).status_code == 403
    assert (await turn(as_, fixed, {"kind": "stop"})).json()["code"] == "camera_is_fixed"
    assert (await turn(as_, camera, {"kind": "preset", "token": "9"})).json()["code"] == "no_such_preset"
    assert await town.sql("SELECT id FROM camera_command") == []


async def test_who_was_granted_a_look_at_an_area_turns_and_holds_none_of_its_cameras(town: Town, as_: As) -> None:
    camera = await put_up(town)
    codes = "SELECT id FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED' ORDER BY code LIMIT 1"
    ((other,),) = await town.sql(codes)
    await town.sql("UPDATE camera SET area_id = :other WHERE id = :id RETURNING 1", other=other, id=camera)
    await town.sql(
        """INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)
            SELECT 'area', :other, id, 'a festival', 'giver', now() + interval '1 hour' FROM area
             WHERE code = 'KZ-75-MED' RETURNING 1""",
        other=other,
    )
    signed_in = town.app.dependency_overrides[any_session]

    def granted(request: Request) -> OpenSession:
        session: OpenSession = signed_in(request)
        return replace(session, also_areas=(other,))

    town.app.dependency_overrides[any_session] = granted
    told = await as_("dispatcher").get(f"/api/cameras/{camera}/ptz")
    assert (told.status_code, told.json()["own"]) == (200, False)
    for refused in (
        await turn(as_, camera, {"kind": "preset", "token": "1"}),
        await as_("dispatcher").post(f"/api/cameras/{camera}/lock"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "camera_not_yours"), refused.text
    assert await town.sql("SELECT id FROM camera_command") == [] == await town.sql("SELECT * FROM camera_lock")


async def test_a_command_that_no_wing_took_is_told_as_expired(town: Town, as_: As) -> None:
    camera = await put_up(town)
    await turn(as_, camera, {"kind": "stop"})
    await town.sql("UPDATE camera_command SET asked_at = now() - interval '11 seconds'")
    told = (await as_("dispatcher").get(f"/api/cameras/{camera}/ptz")).json()
    assert told["command"]["outcome"] == "expired"
