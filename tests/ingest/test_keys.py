import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import keys
from ingest.errors import Refusal
from ingest.keys import KEY_S, Keys, Machine
from ingest.limits import TRIES
from layers.areas.queries import by_code
from layers.database import INGEST, as_role, engine_for, visit
from layers.sources import queries as sources
from layers.sources.table import source, source_key

pytestmark = pytest.mark.anyio

HERE = "192.0.2.1"


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The store as ingest's own role sees it."""
    own = engine_for(as_role(database_url, INGEST))
    yield own
    await own.dispose()


@pytest.fixture
async def key(engine: AsyncEngine) -> str:
    async with visit(engine) as session:
        home = await by_code(session, "KZ")
        assert home is not None
        return await sources.create(session, name="trackers", kind="positions", area_id=home.id)


async def code(asked: Any) -> str:
    try:
        await asked
    except Refusal as refusal:
        return refusal.code
    return "taken"


async def ask(keys_: Keys, key: str, address: str = HERE) -> str:
    return await code(keys_.machine(key, "positions", address))


async def until_refused(keys_: Keys, key: str) -> str:
    """What the key meets once it is no longer taken."""
    deadline = monotonic() + 30
    while (told := await ask(keys_, key)) == "taken" and monotonic() < deadline:  # noqa: ASYNC110 — a row has no event
        await asyncio.sleep(0.01)
    return told


async def change(engine: AsyncEngine, values: dict[str, Any], table: Any = source_key) -> None:
    async with visit(engine) as session:
        await session.execute(update(table).values(values))


def test_what_ends_is_refused_within_two_seconds() -> None:
    assert KEY_S <= 1.5  # and half a second is left for the question itself


@pytest.mark.parametrize(
    ("values", "table", "told"),
    [
        ({"revoked_at": text("now()")}, source_key, "revoked_key"),
        ({"expires_at": text("now()")}, source_key, "expired_key"),
        ({"enabled": False}, source, "disabled_key"),
        ({"kind": "events"}, source, "wrong_kind"),
    ],
)
async def test_whoever_holds_a_key_that_ended_is_told_how(
    engine: AsyncEngine, own: AsyncEngine, key: str, values: dict[str, Any], table: Any, told: str
) -> None:
    door = Keys(own)
    assert await ask(door, key) == "taken"
    await change(engine, values, table)
    assert await until_refused(door, key) == told
    assert await ask(door, key + "x") == "unknown_key"


async def test_a_key_is_refused_from_the_moment_it_expires(engine: AsyncEngine, own: AsyncEngine, key: str) -> None:
    door = Keys(own)
    await change(engine, {"expires_at": datetime.now(UTC) + timedelta(seconds=1)})
    assert await ask(door, key) == "taken"
    assert await until_refused(door, key) == "expired_key"


async def test_a_new_key_is_good_at_once_beside_the_old_one(engine: AsyncEngine, own: AsyncEngine, key: str) -> None:
    door = Keys(own)
    assert await ask(door, key) == "taken"
    async with visit(engine) as session:
        source_id = (await session.execute(select(source.c.id))).scalar_one()
        new = await sources.add_key(session, source_id)
    assert [await ask(door, one) for one in (new.text, key)] == ["taken", "taken"]


async def test_all_keys_in_use_are_read_by_one_question(
    engine: AsyncEngine, own: AsyncEngine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with visit(engine) as session:
        source_id = (await session.execute(select(source.c.id))).scalar_one()
        texts = [key, *[(await sources.add_key(session, source_id)).text for _ in range(9)]]
    door = Keys(own)
    await asyncio.gather(*(ask(door, one) for one in texts * 5))
    asked: list[str] = []
    event.listen(own.sync_engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for one in texts * 20:
        assert await ask(door, one) == "taken"
    monkeypatch.setattr(keys, "TELL_USE_S", float("inf"))
    door._read_at = float("-inf")  # as if a second had passed
    for one in texts:
        await ask(door, one)
    questions = [statement for statement in asked if "key_sha256" in statement]
    assert 1 <= len(questions) <= 2  # the second where the loop above took longer than a second


async def test_use_is_noted_for_the_one_who_administers(engine: AsyncEngine, own: AsyncEngine, key: str) -> None:
    door = Keys(own)
    noted = select(source_key.c.last_used_at)
    await ask(door, key)
    async with visit(engine) as session:
        first = (await session.execute(noted)).scalar_one()
    await ask(door, key)
    async with visit(engine) as session:
        again = (await session.execute(noted)).scalar_one()
    assert first is not None
    assert again == first


async def test_a_refused_key_counts_as_no_use(engine: AsyncEngine, own: AsyncEngine, key: str) -> None:
    await change(engine, {"revoked_at": datetime.now(UTC)})
    assert await ask(Keys(own), key) == "revoked_key"
    async with visit(engine) as session:
        assert (await session.execute(select(source_key.c.last_used_at))).scalar_one() is None


async def test_a_key_that_asks_too_often_is_told_when_to_come_again(
    engine: AsyncEngine, own: AsyncEngine, key: str
) -> None:
    await change(engine, {"rate_per_s": 0.5, "rows_per_s": 5}, source)
    door = Keys(own)
    machine = await door.machine(key, "positions", HERE)
    with pytest.raises(Refusal) as told:
        await door.machine(key, "positions", HERE)
    assert (told.value.code, told.value.details) == ("too_many_requests", {"retry_after_s": 2})
    machine.take_rows(100)  # a batch larger than the bucket passes while it is full
    with pytest.raises(Refusal, match="too_many_rows"):
        machine.take_rows(1)


async def test_each_key_has_limits_of_its_own(engine: AsyncEngine, own: AsyncEngine, key: str) -> None:
    await change(engine, {"rate_per_s": 0.1}, source)
    async with visit(engine) as session:
        source_id = (await session.execute(select(source.c.id))).scalar_one()
        new = (await sources.add_key(session, source_id)).text
    door = Keys(own)
    assert [await ask(door, one) for one in (key, key, new)] == ["taken", "too_many_requests", "taken"]


async def test_a_flood_of_unknown_keys_is_stopped_by_its_address_and_leaves_nothing_behind(
    own: AsyncEngine, key: str
) -> None:
    door = Keys(own)
    assert await ask(door, key) == "taken"
    told = [await ask(door, f"guess {n}") for n in range(int(TRIES) + 50)]
    assert set(told) == {"unknown_key", "too_many_tries"}
    assert await ask(door, key) == "taken"  # who was let in before is not held up, from that address either
    assert await ask(door, "guess", "192.0.2.2") == "unknown_key"
    assert (len(door._known), len(door._wanted), len(door._tried)) == (1, 0, 0)


async def test_many_guesses_at_once_take_one_connection_and_hold_nobody_up(own: AsyncEngine, key: str) -> None:
    door = Keys(own)
    opened: list[int] = []
    event.listen(own.sync_engine, "checkout", lambda *_: opened.append(own.pool.checkedout()))  # type: ignore[attr-defined]
    guesses = [ask(door, f"guess {n}", f"198.51.100.{n % 250}") for n in range(500)]
    told = await asyncio.gather(*guesses, ask(door, key))
    assert (told[-1], set(told[:-1])) == ("taken", {"unknown_key"})
    assert max(opened) <= 2  # one asks for keys, one notes the use of the good one


async def test_senders_that_hang_up_end_nobody_elses_question(own: AsyncEngine, key: str) -> None:
    door = Keys(own)
    waiting = [asyncio.create_task(door.machine(key, "positions", HERE)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(ends[0], asyncio.CancelledError)
    assert all(isinstance(end, Machine) for end in ends[1:])


async def test_a_key_that_nobody_uses_is_forgotten(own: AsyncEngine, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Keys(own)
    await ask(door, key)
    monkeypatch.setattr(keys, "KEY_S", 0.0)
    monkeypatch.setattr(keys, "FORGET_S", 0.0)
    await ask(door, "guess")
    assert not door._known
    assert await ask(door, key) == "taken"


async def test_a_store_that_is_away_is_told_and_asked_again(tmp_path: Any, own: AsyncEngine, key: str) -> None:
    away = engine_for(f"postgresql://qyran@/qyran?host={tmp_path}")
    door = Keys(away)
    assert await ask(door, key) == "store_away"
    door._engine = own
    assert await ask(door, key) == "taken"
    await away.dispose()
