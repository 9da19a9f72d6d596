"""How cameras fare: state and counters, for whoever sees them."""

import json
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]


class Town(Protocol):
    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def put_up(town: Town, code: str, *, state: str = "live", silent_s: float = 1.0, enabled: bool = True) -> int:
    asked = """INSERT INTO camera
            (code, name_kk, name_ru, name_en, url, reader, state, last_frame_at, fps, enabled, geom)
        VALUES (:code, 'к', 'р', 'e', 'rtsp://u:secret@x', 'rtsp', :state, now() - make_interval(secs => :silent_s), 5,
                :enabled, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    told = {"code": code, "state": state, "silent_s": silent_s, "enabled": enabled}
    ((camera_id,),) = await town.sql(asked, **told, **town.at(20, 0))
    return int(camera_id)


async def test_each_camera_tells_its_counters_and_all_together_their_sums(town: Town, as_: As) -> None:
    camera = await put_up(town, "c-1")
    await put_up(town, "c-2", state="down")
    await put_up(town, "c-3", enabled=False)
    await town.sql(
        """INSERT INTO camera_health (camera_id, at, shard, active, frames, dropped, gate_ms, detector_ms, codec)
        VALUES (:id, now(), 'shard-1', true, 100, 7, 0.2, 8.4, 'hevc')""",
        id=camera,
    )
    answer = await as_("dispatcher").get("/api/video/health")
    assert answer.status_code == 200 and "secret" not in answer.text
    told = answer.json()
    assert {name: told["totals"][name] for name in ("cameras", "off", "live", "down", "active", "dropped")} == {
        "cameras": 3, "off": 1, "live": 1, "down": 1, "active": 1, "dropped": 7,
    }  # fmt: skip
    first = told["cameras"][0]
    assert (first["code"], first["state"], first["fps"]) == ("c-1", "live", 5.0)
    assert 0.5 < first["frame_age_s"] < 60
    assert (first["counters"]["detector_ms"], first["counters"]["codec"]) == (pytest.approx(8.4), "hevc")
    assert told["cameras"][1]["counters"] is None


@pytest.mark.parametrize(("state", "silent_s"), [("down", 1.0), ("live", 120.0)])
async def test_a_camera_that_does_not_live_neither_counts_as_active_nor_has_frames_a_second(
    town: Town, as_: As, state: str, silent_s: float
) -> None:
    """It went while something moved: its last word was that every frame is looked at."""
    camera = await put_up(town, "c-1", state=state, silent_s=silent_s)
    await town.sql(
        """INSERT INTO camera_health (camera_id, at, shard, active, frames)
        VALUES (:id, now() - make_interval(secs => :silent_s), 'shard-1', true, 100) RETURNING camera_id""",
        id=camera,
        silent_s=silent_s,
    )
    told = (await as_("dispatcher").get("/api/video/health")).json()
    (camera_told,) = told["cameras"]
    assert (camera_told["fps"], camera_told["counters"]["active"], told["totals"]["active"]) == (None, False, 0)
    assert camera_told["counters"]["frames"] == 100


async def test_a_camera_of_which_nobody_tells_is_unknown_and_counts_as_such(town: Town, as_: As) -> None:
    await put_up(town, "c-1", silent_s=120)
    told = (await as_("commander").get("/api/video/health")).json()
    assert (told["cameras"][0]["state"], told["totals"]["unknown"], told["totals"]["live"]) == ("unknown", 1, 0)


async def test_a_camera_whose_key_frames_are_far_apart_lives_while_its_shard_tells_of_it(town: Town, as_: As) -> None:
    camera = await put_up(town, "c-1", silent_s=50)
    told = "INSERT INTO camera_health (camera_id, at, shard) VALUES (:id, now() - make_interval(secs => :ago), 's')"
    await town.sql(f"{told} RETURNING camera_id", id=camera, ago=4)
    assert (await as_("commander").get("/api/video/health")).json()["cameras"][0]["state"] == "live"
    await town.sql("UPDATE camera_health SET at = now() - interval '40 s' RETURNING camera_id")
    (camera_told,) = (await as_("commander").get("/api/video/health")).json()["cameras"]
    assert (camera_told["state"], camera_told["reasons"][0]["code"]) == ("unknown", "unheard")


async def test_what_is_wrong_with_a_camera_is_said_in_three_languages_and_what_nobody_can_say_is_left_out(
    town: Town, as_: As
) -> None:
    camera = await put_up(town, "c-1", state="down")
    why = [{"code": "no_answer", "details": {"seconds": 8.0}}, {"code": "of_tomorrow"}, {"code": "silent"}]
    await town.sql(
        "UPDATE camera SET state_why = CAST(:why AS jsonb) WHERE id = :id RETURNING id", id=camera, why=json.dumps(why)
    )
    (told,) = (await as_("dispatcher").get("/api/video/health")).json()["cameras"]
    (reason,) = told["reasons"]
    assert reason["code"] == "no_answer"
    assert reason["message"] == {
        "kk": "Камера 8 с ішінде жауап бермеді.",
        "ru": "Камера не ответила за 8 с.",
        "en": "The camera did not answer within 8 s.",
    }


async def test_one_camera_is_told_of_alone_and_what_is_no_id_is_refused(town: Town, as_: As) -> None:
    await put_up(town, "c-1")
    second = await put_up(town, "c-2")
    told = (await as_("dispatcher").get(f"/api/video/health?camera={second}")).json()
    assert [one["code"] for one in told["cameras"]] == ["c-2"] and told["cameras"][0]["kind"] == "fixed"
    assert (await as_("dispatcher").get("/api/video/health?camera=x")).status_code == 400
    assert (await as_("dispatcher").get(f"/api/video/health?only={second}")).status_code == 400


async def test_cameras_of_another_district_are_not_told_of_and_a_crew_may_not_ask(town: Town, as_: As) -> None:
    await put_up(town, "c-1")
    told = (await as_("stranger").get("/api/video/health")).json()
    assert told["cameras"] == [] and told["totals"]["cameras"] == 0
    assert (await as_("crew").get("/api/video/health")).status_code == 403


async def test_a_camera_that_is_to_be_recorded_tells_whether_it_is_and_what_hinders_it(town: Town, as_: As) -> None:
    asked = "UPDATE camera SET record = 'continuous' WHERE id = :id RETURNING id"
    ids = [await put_up(town, f"c-{n}") for n in range(5)]
    off = await put_up(town, "c-off", enabled=False)
    for one in [*ids[1:], off]:
        await town.sql(asked, id=one)
    told = """INSERT INTO recording_state (camera_id, at, state, reason)
        VALUES (:id, now() - make_interval(secs => :ago), :state, :reason) RETURNING camera_id"""
    states = [("recording", None, 5), ("failing", "disk_full", 5), ("recording", None, 600)]
    for one, (state, reason, ago) in zip(ids[1:], states, strict=False):
        await town.sql(told, id=one, state=state, reason=reason, ago=ago)
    answer = (await as_("dispatcher").get("/api/video/health")).json()
    fares = [one["recording"] for one in answer["cameras"]]
    assert (fares[0], fares[5]) == (None, None)
    assert [one["state"] for one in fares[1:5]] == ["recording", "failing", "unknown", "unknown"]
    assert (fares[1]["record"], fares[1]["reason"], answer["totals"]["not_recorded"]) == ("continuous", None, 3)
    assert fares[2]["reason"] == {
        "code": "disk_full",
        "message": {
            "kk": "қазір жазылмай тұр: жазба дискісі толды",
            "ru": "сейчас не записывается: диск записей заполнен",
            "en": "not recorded now: the disk of the recordings is full",
        },
    }
    assert fares[3]["reason"]["message"]["ru"] == "неизвестно, записывается ли: служба записи молчит"
    alone = (await as_("dispatcher").get(f"/api/video/health?camera={ids[2]}")).json()["cameras"]
    assert [one["recording"] for one in alone] == [fares[2]]
