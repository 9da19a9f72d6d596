"""Every question about contacts; the store's policy shows each to its own area and above alone."""

from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update

from geo_server.notify.schema import Administered, Contact
from geo_server.notify.table import contact
from layers.areas.table import area
from layers.database import Session
from layers.values import Title

_FIELDS = tuple(Contact.__dataclass_fields__)


async def every(session: Session, *, role: str | None = None, limit: int = 1000) -> list[Administered]:
    """Return the contacts that the visit's scope shows, by role and name."""
    asked = _contacts().order_by(contact.c.role, contact.c.name, contact.c.id).limit(limit)
    if role is not None:
        asked = asked.where(contact.c.role == role)
    return [_administered(row) for row in await session.execute(asked)]


async def find(session: Session, contact_id: int) -> Administered | None:
    """Return one contact, None where the visit's scope shows none."""
    row = (await session.execute(_contacts().where(contact.c.id == contact_id))).one_or_none()
    return None if row is None else _administered(row)


async def add(session: Session, **values: Any) -> int:
    """Write a contact; return its id."""
    return int((await session.execute(insert(contact).values(values).returning(contact.c.id))).scalar_one())


async def change(session: Session, contact_id: int, **values: Any) -> None:
    """Write what changes of a contact."""
    if values:
        await session.execute(update(contact).where(contact.c.id == contact_id).values(values))


async def remove(session: Session, contact_id: int) -> None:
    """Take a contact out; what it was told of stays, with its name."""
    await session.execute(delete(contact).where(contact.c.id == contact_id))


async def next_secret(session: Session, contact_id: int) -> int:
    """Turn a contact to its next secret; return which that is."""
    turned = update(contact).where(contact.c.id == contact_id).values(secret_round=contact.c.secret_round % 32_767 + 1)
    return int((await session.execute(turned.returning(contact.c.secret_round))).scalar_one())


async def of_role(session: Session, role: str, area_id: int) -> list[Contact]:
    """Return who holds a role in an area and above it, the nearest area first."""
    path = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    distance = func.array_position(path, contact.c.area_id)
    asked = select(*(contact.c[name] for name in _FIELDS)).where(contact.c.role == role, contact.c.enabled)
    near = asked.where(distance.is_not(None)).order_by(distance.desc(), contact.c.id)
    return [_contact(row) for row in await session.execute(near)]


async def of_unit(session: Session, unit_id: int) -> list[Contact]:
    """Return who is reached in place of a unit's page."""
    asked = select(*(contact.c[name] for name in _FIELDS)).where(contact.c.unit_id == unit_id, contact.c.enabled)
    return [_contact(row) for row in await session.execute(asked.order_by(contact.c.id))]


async def with_those_above(session: Session, ids: list[int]) -> dict[int, Contact]:
    """Return these contacts and whoever they escalate to, however far, by id."""
    first = select(contact.c.id, contact.c.escalates_to_id).where(contact.c.id.in_(ids)).cte("reached", recursive=True)
    above = select(contact.c.id, contact.c.escalates_to_id).join(first, contact.c.id == first.c.escalates_to_id)
    reached = first.union(above)  # a union, so that a ring ends
    asked = select(*(contact.c[name] for name in _FIELDS)).where(contact.c.id.in_(select(reached.c.id)))
    return {row.id: _contact(row) for row in await session.execute(asked)}


def _contacts() -> Select[Any]:
    names = (area.c[name] for name in ("name_kk", "name_ru", "name_en"))
    return select(contact, *names).join(area, area.c.id == contact.c.area_id)


def _contact(row: Row[Any]) -> Contact:
    told = {name: getattr(row, name) for name in _FIELDS}
    return Contact(**{**told, "channels": tuple(row.channels)})


def _administered(row: Row[Any]) -> Administered:
    name = Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)
    return Administered(contact=_contact(row), area=name, created_at=row.created_at, created_by=row.created_by)
