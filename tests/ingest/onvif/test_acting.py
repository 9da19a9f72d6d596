"""What people ask of cameras, done by a simulated head: from a row to its outcome, and never left moving."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.onvif.acting import Acting
from ingest.onvif.listening import Listening
from ingest.serve import event_kinds
from layers.cameras import command_queries as commands
from layers.cameras import health
from layers.cameras.commands import Kind, NewCommand
from layers.cameras.health import CameraHealth
from layers.database import INGEST, as_role, engine_for, visit
from tests.ingest.onvif.simulated import Simulate, anywhere, notice

pytestmark = pytest.mark.anyio


async def sql(engine: AsyncEngine, asked: str, **values: Any) -> list[Any]:
    async with visit(engine) as session:
        found = await session.execute(text(asked), values)
        return list(found.all()) if found.returns_rows else []


async def put_up(engine: AsyncEngine, url: str | None, heading: float | None = 0.0) -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, onvif_url, heading_deg,
        height_m, geom) VALUES ('P', 'к', 'р', 'e', 'rtsp://x', 'rtsp', 'ptz', :url, :heading, 6,
                ST_SetSRID(ST_MakePoint(76.945, 43.238), 4326)) RETURNING id"""
    ((camera_id,),) = await sql(engine, asked, url=url, heading=heading)
    return int(camera_id)


async def ask(engine: AsyncEngine, camera_id: int, kind: Kind, **args: Any) -> int:
    async with visit(engine) as session:
        new = NewCommand(camera_id=camera_id, kind=kind, args=args, asked_by="d", asked_rank=1)
        return await commands.command(session, new)


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 10) -> Any:
    """Look until there is something."""
    for _ in range(int(seconds * 20)):
        if found := await look():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come in time")


@asynccontextmanager
async def acting(database_url: str, **more: Any) -> AsyncIterator[None]:
    """The west wing turns cameras, under its own role."""
    url = as_role(database_url, INGEST)
    engine = engine_for(url)
    task = asyncio.create_task(Acting(engine=engine, database_url=url, resolve=anywhere, **more).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await engine.dispose()


async def ended(engine: AsyncEngine, command: int) -> tuple[str, str | None]:
    async def look() -> Any:
        return await sql(
            engine, "SELECT outcome, code FROM camera_command WHERE id = :id AND outcome IS NOT NULL", id=command
        )

    ((outcome, code),) = await until(look)
    return outcome, code


async def stands(engine: AsyncEngine) -> tuple[bool, str | None]:
    ((moving, preset),) = await sql(engine, "SELECT moving, preset FROM camera")
    return moving, preset


async def test_a_camera_goes_to_a_preset_and_looks_at_a_place(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate()
    camera = await put_up(engine, simulated.url)
    async with acting(database_url):
        names = await until(lambda: sql(engine, "SELECT name_ru, pan FROM camera_preset ORDER BY token"))
        assert names == [("Gate", 0.0), ("Yard & car park", 0.5), ("West", -0.5)]
        command = await ask(engine, camera, "preset", token="2")
        await until(lambda: sql(engine, "SELECT 1 FROM camera WHERE moving"))
        assert await ended(engine, command) == ("done", None)
        assert await stands(engine) == (False, "2")
        command = await ask(engine, camera, "look_at", lon=76.946, lat=43.238)
        assert await ended(engine, command) == ("done", None)
        assert await stands(engine) == (False, None)
    assert simulated.inject()["at"][0] == pytest.approx(0.5, abs=0.01)  # due east of a camera that looks north at 0


async def test_a_newer_command_breaks_off_the_one_before_and_no_queue_builds_up(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate()
    camera = await put_up(engine, simulated.url)
    async with acting(database_url):
        first = await ask(engine, camera, "move", pan=0.2, tilt=0.0, zoom=0.0)
        await until(lambda: sql(engine, "SELECT 1 FROM camera_command WHERE taken_at IS NOT NULL"))
        burst = [await ask(engine, camera, "preset", token=token) for token in ("1", "2", "3")]
        assert await ended(engine, burst[-1]) == ("done", None)
        assert await ended(engine, first) == ("replaced", None)
        assert (await stands(engine)) == (False, "3")
    assert simulated.inject()["log"][-1] == "preset 3"


async def test_a_move_ends_by_itself_when_nobody_asks_on(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate()
    camera = await put_up(engine, simulated.url)
    async with acting(database_url):
        assert await ended(engine, await ask(engine, camera, "move", pan=0.2, tilt=0.0, zoom=0.0)) == ("done", None)
    assert simulated.inject()["log"] == ["move", "stop"] and simulated.inject()["moving"] is False


async def test_a_camera_without_positions_turns_to_the_preset_that_shows_the_place(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    camera = await put_up(engine, simulate(absolute=False).url)
    async with acting(database_url):
        await until(lambda: sql(engine, "SELECT 1 FROM camera_preset"))
        command = await ask(engine, camera, "look_at", lon=76.946, lat=43.238)
        assert await ended(engine, command) == ("failed", "cannot_aim")
        await sql(engine, "UPDATE camera_preset SET heading_deg = 80 WHERE token = '2'")
        command = await ask(engine, camera, "look_at", lon=76.946, lat=43.238)
        assert await ended(engine, command) == ("done", None)
        assert await stands(engine) == (False, "2")


@pytest.mark.parametrize(
    ("url", "code"),
    [(None, "no_onvif"), ("http://127.0.0.1:1/", "silent"), ("ftp://x", "bad_address")],
)
async def test_why_a_camera_does_not_turn_is_told_and_it_does_not_move_for_ever(
    engine: AsyncEngine, database_url: str, url: str | None, code: str
) -> None:
    camera = await put_up(engine, url)
    async with acting(database_url):
        assert await ended(engine, await ask(engine, camera, "stop")) == ("failed", code)
        assert await stands(engine) == (False, None)


async def test_what_a_wing_that_died_left_moving_comes_to_an_end(engine: AsyncEngine, database_url: str) -> None:
    camera = await put_up(engine, None)
    await sql(engine, "UPDATE camera SET moving = true")
    left = """INSERT INTO camera_command (camera_id, kind, asked_by, asked_rank, asked_at, taken_at)
        VALUES (:id, 'stop', 'd', 1, now() - interval '1 minute', now() - interval '1 minute'),
               (:id, 'stop', 'd', 1, now() - interval '20 seconds', NULL) RETURNING id"""
    (first,), (late,) = await sql(engine, left, id=camera)
    async with acting(database_url):
        assert await ended(engine, late) == ("expired", None)
        assert (await ended(engine, first))[0] in ("failed", "replaced")
        await until(lambda: sql(engine, "SELECT 1 FROM camera WHERE NOT moving"))


async def test_a_camera_s_own_alarm_comes_in_as_an_event_and_its_clock_is_told(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate(skew_s=300)
    camera = await put_up(engine, simulated.url)
    await sql(engine, "INSERT INTO camera_health (camera_id, at, shard) VALUES (:id, now(), 's')", id=camera)
    west = engine_for(as_role(database_url, INGEST))
    task = asyncio.create_task(Listening(engine=west, kinds=event_kinds(), resolve=anywhere, pull_s=1).run())
    try:
        simulated.inject(notice=notice("tns1:RuleEngine/LineDetector/Crossed", ObjectId="4"))
        ((kind, source, of),) = await until(lambda: sql(engine, "SELECT kind, source, camera_id FROM event"))
        assert (kind, source, of) == ("line_crossing", "camera:P", camera)
        ((skew_s,),) = await sql(engine, "SELECT skew_s FROM camera_health")
        assert skew_s == pytest.approx(300, abs=2)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await west.dispose()


async def test_a_preset_saved_anew_elsewhere_is_calibrated_no_more_and_one_that_is_gone_is_kept_if_it_was(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    camera = await put_up(engine, simulate().url)
    told = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en, pan, heading_deg, calibration)
        VALUES (:id, '1', 'қ', 'в', 'g', 0.0, 10, 'good'), (:id, '2', 'қ', 'в', 'g', 0.1, 20, 'good'),
               (:id, 'gone', 'қ', 'в', 'g', 0.0, 30, 'good'), (:id, 'never', 'қ', 'в', 'g', 0.0, NULL, 'none')"""
    await sql(engine, told, id=camera)
    async with acting(database_url):
        await until(lambda: sql(engine, "SELECT 1 FROM camera_preset WHERE token = '3'"))
    states = await sql(engine, "SELECT token, calibration FROM camera_preset ORDER BY token")
    assert states == [("1", "good"), ("2", "broken"), ("3", "none"), ("gone", "good")]


async def test_a_camera_that_was_turned_says_so_and_one_that_did_not_answer_was_not(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate()
    camera = await put_up(engine, "http://127.0.0.1:1/")
    async with acting(database_url):
        assert (await ended(engine, await ask(engine, camera, "preset", token="2")))[0] == "failed"
        assert await sql(engine, "SELECT turned FROM camera") == [(False,)]
        await sql(engine, "UPDATE camera SET onvif_url = :url", url=simulated.url)
        assert (await ended(engine, await ask(engine, camera, "preset", token="2")))[0] == "done"
        assert await sql(engine, "SELECT turned FROM camera") == [(True,)]


async def test_a_camera_whose_clock_was_set_since_it_was_met_turns_all_the_same(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate()
    camera = await put_up(engine, simulated.url)
    async with acting(database_url):
        await until(lambda: sql(engine, "SELECT 1 FROM camera_preset"))
        simulated.inject(skew_s=-7200)
        assert await ended(engine, await ask(engine, camera, "preset", token="2")) == ("done", None)


async def test_the_clock_s_error_that_onvif_tells_outlives_what_the_shard_tells(engine: AsyncEngine) -> None:
    camera = await put_up(engine, None)
    told: dict[str, Any] = dict.fromkeys((one.name for one in fields(CameraHealth)), 0)
    told |= dict.fromkeys(("gate_ms", "detector_ms", "skew_s", "codec", "width_px", "height_px"))
    row = CameraHealth(**told | {"camera_id": camera, "at": datetime.now(UTC), "shard": "s", "active": False})
    async with visit(engine) as session:
        await commands.tell_skew(session, camera, 300.0)
        await health.write(session, [row])
    assert await sql(engine, "SELECT skew_s, frames FROM camera_health") == [(300.0, 0)]


async def test_an_alarm_that_comes_while_the_database_does_not_take_it_is_not_lost(
    engine: AsyncEngine, database_url: str, simulate: Simulate
) -> None:
    simulated = simulate()
    await put_up(engine, simulated.url)
    west = engine_for(as_role(database_url, INGEST))
    listening = Listening(engine=west, kinds=event_kinds(), resolve=anywhere, pull_s=1, again_s=0.1)
    task = asyncio.create_task(listening.run())

    async def fetched() -> bool:
        return not await asyncio.to_thread(lambda: simulated.inject()["waiting"])

    try:
        await sql(engine, "ALTER TABLE event RENAME TO away")
        simulated.inject(notice=notice("tns1:RuleEngine/LineDetector/Crossed", ObjectId="4"))
        await until(fetched)
        await asyncio.sleep(0.3)  # it was tried
        await sql(engine, "ALTER TABLE away RENAME TO event")
        assert await until(lambda: sql(engine, "SELECT kind FROM event")) == [("line_crossing",)]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await west.dispose()
