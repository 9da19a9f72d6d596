"""Where a camera that turns stood: as its commands and its row tell, and nowhere while nobody knows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.cameras import standing_queries
from layers.cameras.standing import KEPT, UNSURE, Stood, Turned
from layers.database import INGEST, as_role, engine_for, visit
from layers.recordings.playback_queries import Covered
from tests.scene import MEDEU, furnish

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
KNOWN = frozenset({"gate", "yard"})


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def turn(minutes: float, preset: str | None) -> Turned:
    return Turned(taken_at=ago(minutes), done_at=ago(minutes - 0.1), preset=preset)


def stood(preset: str | None, *turns: Turned) -> Stood:
    return Stood(asked_at=NOW, preset=preset, known=KNOWN, turns=turns)


def test_one_that_was_not_turned_stood_where_it_stands_for_as_long_as_turns_are_kept() -> None:
    still = stood("gate")
    assert still.at(NOW) == still.at(ago(600)) == "gate"
    assert still.at(NOW - KEPT) is None and still.at(NOW + timedelta(seconds=1)) is None


def test_between_turns_it_stood_where_the_turn_before_ended_and_around_a_turn_nowhere() -> None:
    seen = stood("gate", turn(30, "yard"), turn(20, None), turn(10, "gate"))
    assert [seen.at(ago(minutes)) for minutes in (40, 25, 15, 5, 0)] == [None, "yard", None, "gate", "gate"]
    assert seen.at(ago(10) - UNSURE) is None and seen.at(ago(9.9) + UNSURE) is None
    moves = stood(None, Turned(taken_at=ago(1), done_at=None, preset=None))
    assert moves.at(NOW) is None and moves.at(ago(5)) is None


def test_a_view_that_is_gone_or_shows_something_else_by_now_is_no_view() -> None:
    assert Stood(asked_at=NOW, preset="gate", known=frozenset({"yard"})).at(NOW) is None


def test_what_was_recorded_of_a_turning_camera_is_hidden_but_where_it_stood_at_a_mask() -> None:
    mask = {"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]], "preset": "yard"}
    covered = Covered(masks=[mask], size_px=None, stood=stood("gate", turn(30, "yard"), turn(10, "gate")))
    assert [covered.at(ago(minutes)) for minutes in (40, 25, 5)] == [None, [mask], None]
    assert Covered(masks=[mask], size_px=None).at(ago(40)) == [mask]


CAMERA = "UPDATE camera SET kind = 'ptz', preset = :preset, moving = :moving WHERE id = :id"
PRESET = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en, calibration)
    VALUES (:id, 'gate', 'а', 'б', 'c', 'none'), (:id, 'yard', 'а', 'б', 'c', 'broken')"""
COMMAND = """INSERT INTO camera_command (camera_id, kind, args, asked_by, asked_rank, taken_at, done_at, outcome)
    VALUES (:id, :kind, CAST(:args AS jsonb), 'a', 1,
            now() - CAST(:began AS interval), now() - CAST(:ended AS interval), :outcome)"""


@pytest.mark.anyio
async def test_the_store_tells_where_it_stands_and_stood(engine: AsyncEngine, database_url: str) -> None:
    (spot,) = await furnish(engine, MEDEU)
    camera = spot.ids["cameras"]

    async def command(kind: str, began: str, ended: str, args: str = "{}", outcome: str = "done") -> None:
        told = {"id": camera, "kind": kind, "args": args, "began": began, "ended": ended, "outcome": outcome}
        async with visit(engine) as session:
            await session.execute(text(COMMAND), told)

    async def stands(preset: str | None, *, moving: bool = False) -> None:
        async with visit(engine) as session:
            await session.execute(text(CAMERA), {"id": camera, "preset": preset, "moving": moving})

    async with visit(engine) as session:
        await session.execute(text(PRESET), {"id": camera})
    await stands("gate")
    ingest = engine_for(as_role(database_url, INGEST))
    since = datetime.now(UTC) - timedelta(hours=2)

    async def seen(minutes: float) -> str | None:
        async with visit(ingest) as session:
            told = await standing_queries.stood(session, camera, since)
        assert told is not None
        return told.at(told.asked_at - timedelta(minutes=minutes))

    assert await seen(0) == await seen(30) == "gate"
    await command("move", "60 min", "59 min")
    await command("preset", "40 min", "39 min", '{"token": "gate"}')
    await command("preset", "20 min", "19 min", '{"token": "yard"}', "failed")
    assert [await seen(minutes) for minutes in (90, 50, 30, 10)] == [None, None, "gate", "gate"]
    await stands("yard")
    assert await seen(0) is None  # its picture is another than it was: the calibration says so
    await stands("gate", moving=True)
    assert await seen(0) is None
    await ingest.dispose()
