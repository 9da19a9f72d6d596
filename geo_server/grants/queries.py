"""Every question about grants; the store's policy shows each to both its sides alone."""

from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from geo_server.grants.schema import Grant, NewGrant
from geo_server.grants.table import area_grant
from layers.areas.schema import Area
from layers.areas.table import area
from layers.database import Session
from layers.incidents.table import incident
from layers.values import Level, Title

_giver, _taker = area.alias("giver"), area.alias("taker")
_FIELDS = ("id", "parent_id", "level", "code", "name_kk", "name_ru", "name_en", "approximate")


async def every(session: Session, *, in_force: bool, limit: int = 200) -> list[Grant]:
    """Return the grants that the visit's scope shows, newest first."""
    asked = _grants().order_by(area_grant.c.id.desc()).limit(limit)
    if in_force:
        asked = asked.where(area_grant.c.revoked_at.is_(None), area_grant.c.ends_at > func.now())
    return [_grant(row) for row in await session.execute(asked)]


async def find(session: Session, grant_id: int) -> Grant | None:
    """Return one grant, None where the visit's scope shows none."""
    row = (await session.execute(_grants().where(area_grant.c.id == grant_id))).one_or_none()
    return None if row is None else _grant(row)


async def give(session: Session, new: NewGrant) -> int:
    """Write a grant that begins now, and return its id."""
    row = {
        "kind": new.kind,
        "area_id": new.area_id,
        "to_area_id": new.to_area_id,
        "incident_id": new.incident_id,
        "reason": new.reason,
        "given_by": new.given_by,
        "ends_at": func.now() + new.lasts,
    }
    return int((await session.execute(insert(area_grant).values(row).returning(area_grant.c.id))).scalar_one())


async def revoke(session: Session, grant_id: int, who: str) -> None:
    """End a grant now; one that was revoked before keeps its time."""
    still = update(area_grant).where(area_grant.c.id == grant_id, area_grant.c.revoked_at.is_(None))
    await session.execute(still.values(revoked_at=func.now(), revoked_by=who))


def _grants() -> Select[Any]:
    joined = (
        area_grant.join(_giver, _giver.c.id == area_grant.c.area_id)
        .join(_taker, _taker.c.id == area_grant.c.to_area_id)
        .outerjoin(incident, incident.c.id == area_grant.c.incident_id)
    )
    sides = (side.c[name].label(f"{side.name}_{name}") for side in (_giver, _taker) for name in _FIELDS)
    return select(*area_grant.c, incident.c.number, *sides).select_from(joined)


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=row.id,
        kind=row.kind,
        area=_side(row, "giver"),
        to=_side(row, "taker"),
        incident_id=row.incident_id,
        incident_number=row.number,
        reason=row.reason,
        given_by=row.given_by,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )


def _side(row: Row[Any], side: str) -> Area:
    told = {name: getattr(row, f"{side}_{name}") for name in _FIELDS}
    name = Title(kk=told["name_kk"], ru=told["name_ru"], en=told["name_en"])
    return Area(
        id=told["id"],
        parent_id=told["parent_id"],
        level=Level(told["level"]),
        code=told["code"],
        name=name,
        approximate=told["approximate"],
    )
