import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from layers.areas.queries import by_code
from layers.database import Session
from layers.sources.queries import by_key, create, digest, enable, renew
from layers.sources.table import source

pytestmark = pytest.mark.anyio


async def republic(session: Session) -> int:
    found = await by_code(session, "KZ")
    assert found is not None
    return found.id


async def test_a_new_source_is_found_by_the_key_it_was_told_once(session: Session) -> None:
    key = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    found = await by_key(session, digest(key))
    assert found is not None
    assert (found.name, found.kind, found.enabled) == ("trackers", "positions", True)
    assert await by_key(session, digest(key + "x")) is None


async def test_the_store_holds_no_key(session: Session) -> None:
    key = await create(session, name="trackers", kind="positions", area_id=await republic(session))
    row = (await session.execute(select(source))).one()
    assert key not in str(row)
    assert len(key) >= 43  # 256 random bits


async def test_a_renewed_key_ends_the_old_one(session: Session) -> None:
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
