from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import insert, select

from layers.areas.queries import by_code
from layers.changes import ring_positions
from layers.database import Session
from layers.tracks.fixes import FIX, microseconds
from layers.units.positions import MOVED, cross, devices_under, move, moved_since, snapshot, standing
from layers.units.table import unit, unit_position

pytestmark = pytest.mark.anyio

NOON_S = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


async def unit_ids(session: Session, many: int, area: str = "KZ") -> list[int]:
    home = await by_code(session, area)
    assert home is not None
    rows = [
        {
            "call_sign": f"{area} {n}",
            "device": f"{area}-{n}",
            "service": "police",
            "kind": "car",
            "home_area_id": home.id,
        }
        for n in range(many)
    ]
    return list((await session.execute(insert(unit).returning(unit.c.id), rows)).scalars())


async def fixes_of(session: Session, ids: list[int], *, seconds: float = 0, lon: float = 76.9) -> NDArray[np.void]:
    home = await by_code(session, "KZ")
    assert home is not None
    fixes = np.zeros(len(ids), FIX)
    fixes["unit_id"], fixes["at"] = ids, round((NOON_S + seconds) * 1e6)
    fixes["received_at"], fixes["area_id"] = microseconds(datetime(2026, 3, 1, 12, tzinfo=UTC)), home.id
    fixes["lon"], fixes["lat"], fixes["speed_kmh"], fixes["heading_deg"] = lon, 43.2, 40, 90
    return fixes


async def test_a_first_fix_is_the_latest_position(session: Session) -> None:
    fixes = await fixes_of(session, await unit_ids(session, 2))
    batch = await ring_positions(session)
    await move(session, fixes, batch)
    stored = await snapshot(session)
    assert stored.dtype == MOVED
    assert stored["batch"].tolist() == [batch, batch]
    assert stored["at"].tolist() == [NOON_S, NOON_S]
    for name in ("unit_id", "lon", "lat", "speed_kmh", "heading_deg", "area_id"):
        assert sorted(stored[name].tolist()) == sorted(fixes[name].tolist())


async def test_an_older_fix_moves_nobody(session: Session) -> None:
    ids = await unit_ids(session, 1)
    await move(session, await fixes_of(session, ids), 1)
    await move(session, await fixes_of(session, ids, seconds=-1, lon=10), 2)
    await move(session, await fixes_of(session, ids, seconds=0, lon=10), 3)
    stored = await snapshot(session)
    assert (stored["lon"].tolist(), stored["batch"].tolist()) == ([76.9], [1])


async def test_moved_since_tells_only_what_later_batches_wrote(session: Session) -> None:
    ids = await unit_ids(session, 3)
    await move(session, await fixes_of(session, ids), 1)
    await move(session, await fixes_of(session, ids[:1], seconds=2.5, lon=77), 2)
    moved = await moved_since(session, 1)
    assert (moved["unit_id"].tolist(), moved["lon"].tolist(), moved["at"].tolist()) == (ids[:1], [77.0], [NOON_S + 2.5])
    assert len(await moved_since(session, 2)) == 0


async def test_new_and_known_units_stand_in_one_batch(session: Session) -> None:
    ids = await unit_ids(session, 4)
    await move(session, await fixes_of(session, ids[:2]), 1)
    await move(session, await fixes_of(session, ids, seconds=1), 2)
    assert (await snapshot(session))["batch"].tolist() == [2, 2, 2, 2]


async def test_a_unit_that_was_struck_off_costs_the_others_nothing(session: Session) -> None:
    ids = await unit_ids(session, 1)
    await move(session, await fixes_of(session, [*ids, 10**9]), 1)
    assert (await session.execute(select(unit_position.c.unit_id))).scalars().all() == ids


async def test_who_crosses_a_border_is_told_so_in_its_own_row(session: Session) -> None:
    ids = await unit_ids(session, 3, "KZ-75")
    almaty, republic = await by_code(session, "KZ-75"), await by_code(session, "KZ")
    assert almaty is not None and republic is not None
    fixes = await fixes_of(session, ids)
    await move(session, fixes, 1)
    assert (await standing(session))["area_id"].tolist() == [almaty.id] * 3  # what the units' own rows say
    await cross(session, fixes[:2])
    told = {int(row["unit_id"]): int(row["area_id"]) for row in await standing(session)}
    assert told == {ids[0]: republic.id, ids[1]: republic.id, ids[2]: almaty.id}


async def test_no_fixes_are_no_question(session: Session) -> None:
    await move(session, np.zeros(0, FIX), 1)
    await cross(session, np.zeros(0, FIX))
    assert len(await snapshot(session)) == 0


async def test_an_area_knows_the_devices_of_its_own_units_and_of_those_below(session: Session) -> None:
    whole, city = await unit_ids(session, 1), await unit_ids(session, 1, "KZ-75")
    republic, almaty = await by_code(session, "KZ"), await by_code(session, "KZ-75")
    assert republic is not None and almaty is not None
    assert await devices_under(session, republic.id) == {"KZ-0": whole[0], "KZ-75-0": city[0]}
    assert await devices_under(session, almaty.id) == {"KZ-75-0": city[0]}
