from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from layers.areas.queries import by_code
from layers.database import Session
from layers.sources import queries as sources
from layers.sources.queries import by_key, create, digest, enable, holders, renew
from layers.sources.schema import KeyState
from layers.sources.table import source, source_key
from layers.values import LonLat, Role
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio


async def area(session: Session, code: str) -> int:
    found = await by_code(session, code)
    assert found is not None
    return found.id


async def republic(session: Session) -> int:
    return await area(session, "KZ")


async def administrator(session: Session, code: str) -> Viewer:
    area_id = await area(session, code)
    return Viewer(account_id=1, name="a", role=Role.ADMINISTRATOR, area_id=area_id, own_area_id=area_id)


async def state(session: Session, key: str) -> KeyState:
    return (await holders(session, [digest(key)]))[digest(key)].state


async def test_a_new_source_is_found_by_the_key_it_was_told_once(session: Session) -> None:
    key = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    found = await by_key(session, digest(key))
    assert found is not None
    assert (found.name, found.kind, found.enabled) == ("trackers", "positions", True)
    assert await by_key(session, digest(key + "x")) is None


async def test_the_store_holds_no_key(session: Session) -> None:
    key = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    rows = [(await session.execute(select(table))).one() for table in (source, source_key)]
    assert key not in str(rows)
    assert key.startswith("qk_")
    assert len(key) == len("qk_") + 43  # 256 random bits


async def test_a_machine_changes_its_key_without_a_gap(session: Session) -> None:
    old = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    found = await by_key(session, digest(old))
    assert found is not None
    new = await sources.add_key(session, found.id)
    assert [await state(session, key) for key in (old, new.text)] == ["good", "good"]
    first = (await holders(session, [digest(old)]))[digest(old)].key_id
    await sources.revoke(session, first)
    assert [await state(session, key) for key in (old, new.text)] == ["revoked", "good"]


async def test_a_key_is_good_until_it_expires_by_the_clock_of_the_store(session: Session) -> None:
    made = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    found = await by_key(session, digest(made))
    assert found is not None
    now = datetime.now(UTC)
    ends = {"good": now + timedelta(minutes=1), "expired": now - timedelta(minutes=1)}
    keys = {name: await sources.add_key(session, found.id, expires_at=at) for name, at in ends.items()}
    assert {name: await state(session, key.text) for name, key in keys.items()} == {
        "good": "good",
        "expired": "expired",
    }
    assert await by_key(session, digest(keys["expired"].text)) is None


async def test_one_question_finds_many_keys_and_leaves_out_unknown_ones(session: Session) -> None:
    home = await republic(session)
    keys = [await create(session, name=f"s{n}", kind="events", area_id=home) for n in range(3)]
    found = await holders(session, [digest(key) for key in (*keys, "guess")])
    assert sorted(one.source.name for one in found.values()) == ["s0", "s1", "s2"]
    assert await holders(session, []) == {}


async def test_use_is_noted_once_a_minute(session: Session) -> None:
    await create(session, name="trackers", kind="positions", area_id=await republic(session))
    key_id = (await session.execute(select(source_key.c.id))).scalar_one()
    noted = []
    for earlier in ("0 s", "59 s", "61 s"):
        await session.execute(text(f"UPDATE source_key SET last_used_at = last_used_at - interval '{earlier}'"))
        before = (await session.execute(select(source_key.c.last_used_at))).scalar_one()
        await sources.tell_used(session, [key_id])
        noted.append((await session.execute(select(source_key.c.last_used_at))).scalar_one() != before)
    assert noted == [True, False, True]


async def test_no_source_has_more_than_ten_keys_that_are_good(session: Session) -> None:
    await create(session, name="trackers", kind="positions", area_id=await republic(session))
    source_id = (await session.execute(select(source.c.id))).scalar_one()
    past = datetime.now(UTC) - timedelta(hours=1)
    for n in range(12):
        await sources.add_key(session, source_id, expires_at=past if n % 4 == 0 else None)
    with pytest.raises(IntegrityError, match="ten keys"):
        await sources.add_key(session, source_id)


async def test_a_place_is_inside_an_area_when_what_stands_there_belongs_to_it_or_below(session: Session) -> None:
    places = [LonLat(lon=76.95, lat=43.23), LonLat(lon=71.43, lat=51.13), LonLat(lon=0, lat=0)]  # Almaty, Astana, sea
    told = {code: await sources.inside(session, await area(session, code), places) for code in ("KZ", "KZ-75", "KZ-71")}
    assert told == {"KZ": [True] * 3, "KZ-75": [True, False, False], "KZ-71": [False, True, False]}
    assert await sources.inside(session, 1, []) == []


async def test_sources_are_listed_at_or_below_the_area_entered_alone(session: Session) -> None:
    for name, code in (("whole", "KZ"), ("city", "KZ-75"), ("district", "KZ-75-MED"), ("other", "KZ-71")):
        await create(session, name=name, kind="positions", area_id=await area(session, code))
    almaty, republic_ = [await administrator(session, code) for code in ("KZ-75", "KZ")]
    assert [one.source.name for one in await sources.listed(session, almaty)] == ["city", "district"]
    assert len(await sources.listed(session, republic_)) == 4
    whole = next(one for one in await sources.listed(session, republic_) if one.source.name == "whole")
    assert await sources.find(session, almaty, whole.source.id) is None
    assert await sources.key(session, almaty, whole.keys[0].id) is None
    assert await sources.key(session, republic_, whole.keys[0].id) == whole.keys[0]


async def test_a_renewed_key_ends_all_old_ones(session: Session) -> None:
    old = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    new = await renew(session, "trackers")
    assert await by_key(session, digest(old)) is None
    assert await by_key(session, digest(new)) is not None


async def test_a_source_can_be_switched_off(session: Session) -> None:
    key = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    await enable(session, "trackers", enabled=False)
    found = await by_key(session, digest(key))
    assert found is not None
    assert not found.enabled


async def test_names_are_taken_once_and_unknown_ones_told(session: Session) -> None:
    area_id = await republic(session)
    with pytest.raises(LookupError):
        await renew(session, "nobody")
    with pytest.raises(LookupError):
        await enable(session, "nobody", enabled=True)
    await create(session, name="trackers", kind="positions", area_id=area_id)
    with pytest.raises(IntegrityError):
        await create(session, name="trackers", kind="events", area_id=area_id)
