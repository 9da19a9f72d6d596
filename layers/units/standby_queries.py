"""Every question about units that were asked to stand by somewhere."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from layers.database import Session
from layers.units.schema import StandingBy
from layers.units.table import standby_move

_m = standby_move.c


async def add(session: Session, unit_id: int, place_id: int, *, by: str, within: timedelta) -> int:
    """Write that a unit was asked to stand by at a place, where it is to be within that time; return the id."""
    row = {"unit_id": unit_id, "place_id": place_id, "asked_by": by, "until": func.now() + within}
    return int((await session.execute(insert(standby_move).values(row).returning(_m.id))).scalar_one())


async def running(session: Session, unit_ids: Collection[int]) -> list[StandingBy]:
    """Return where these units were asked to stand by and are still to arrive: of each the last word."""
    last = select(standby_move).where(_m.unit_id.in_(list(unit_ids)), _m.until > func.now())
    rows = await session.execute(last.ext(distinct_on(_m.unit_id)).order_by(_m.unit_id, _m.id.desc()))
    return [
        StandingBy(unit_id=r.unit_id, place_id=r.place_id, asked_at=r.asked_at, asked_by=r.asked_by, until=r.until)
        for r in rows
    ]
