"""Every question about which units there are, by where they are at home: enrolled, changed, retired.

A unit may drive out of its area while it is administered: whoever asks opens every row first (`scope.enter_whole`), and
says below which area the homes are to lie.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, any_, delete, func, insert, literal, select, update

from layers.areas.table import area
from layers.database import Session
from layers.places.table import place
from layers.units.queries import station_in
from layers.units.schema import Enrolled, NewUnit, Stationed
from layers.units.table import unit, unit_position
from layers.values import Service, Title

STATION_KINDS = ("police", "fire_station", "hospital")
_STATION = tuple(place.c[name].label(f"station_{name}") for name in ("name", "name_kk", "name_ru", "name_en"))


async def enrolled(session: Session, root_id: int) -> list[Enrolled]:
    """Return the units at home in an area or below it, also those that were retired, by call sign."""
    asked = _at_home(root_id).order_by(unit.c.call_sign, unit.c.id)
    return [_enrolled(row) for row in await session.execute(asked)]


async def find(session: Session, root_id: int, unit_id: int) -> Enrolled | None:
    """Return one unit at home in an area or below it."""
    row = (await session.execute(_at_home(root_id).where(unit.c.id == unit_id))).one_or_none()
    return None if row is None else _enrolled(row)


async def stations(session: Session, root_id: int, *, limit: int = 2000) -> list[Stationed]:
    """Return the places in an area or below it that a unit may belong to, by kind and name."""
    asked = select(place.c.id, place.c.kind, *_STATION).join(area, area.c.id == place.c.area_id)
    here = asked.where(literal(root_id) == any_(area.c.path), place.c.kind.in_(STATION_KINDS))
    rows = await session.execute(here.order_by(place.c.kind, place.c.name, place.c.id).limit(limit))
    return [Stationed(id=row.id, kind=row.kind, name=name) for row in rows if (name := station_in(row)) is not None]


async def is_station(session: Session, place_id: int) -> bool:
    """Say whether a place is one that a unit may belong to."""
    asked = select(place.c.id).where(place.c.id == place_id, place.c.kind.in_(STATION_KINDS))
    return (await session.execute(asked)).first() is not None


async def add(session: Session, new: NewUnit) -> int:
    """Write a unit, off duty and nowhere yet; raises IntegrityError where its call sign or device is taken."""
    row = {name: getattr(new, name) for name in NewUnit.__dataclass_fields__} | {"service": new.service.value}
    return int((await session.execute(insert(unit).values(row).returning(unit.c.id))).scalar_one())


async def change(session: Session, unit_id: int, values: Mapping[str, Any]) -> None:
    """Write what is given of a unit's columns; raises IntegrityError as `add`."""
    await session.execute(update(unit).where(unit.c.id == unit_id).values(values))


async def take_off_map(session: Session, unit_id: int) -> None:
    """Forget where a unit is; as whoever writes where it is, before the unit itself is held."""
    await session.execute(delete(unit_position).where(unit_position.c.unit_id == unit_id))


async def retire(session: Session, unit_id: int) -> None:
    """Take a unit out of use, off duty."""
    off = {"duty": "off", "local_status": None, "retired_at": func.now()}
    await session.execute(update(unit).where(unit.c.id == unit_id).values(off))


def _at_home(root_id: int) -> Select[Any]:
    own = ("id", "call_sign", "device", "service", "kind", "crew", "duty", "task", "station_id", "retired_at")
    home = (area.c.id.label("home_id"), *(area.c[f"name_{tongue}"].label(f"home_{tongue}") for tongue in _TONGUES))
    joined = unit.join(area, area.c.id == unit.c.home_area_id).outerjoin(place, place.c.id == unit.c.station_id)
    asked = select(*(unit.c[name] for name in own), *home, *_STATION).select_from(joined)
    return asked.where(literal(root_id) == any_(area.c.path))


_TONGUES = ("kk", "ru", "en")


def _enrolled(row: Row[Any]) -> Enrolled:
    return Enrolled(
        id=row.id,
        call_sign=row.call_sign,
        device=row.device,
        service=Service(row.service),
        kind=row.kind,
        crew=row.crew,
        bound=row.task is not None,
        home_area_id=row.home_id,
        home=Title(kk=row.home_kk, ru=row.home_ru, en=row.home_en),
        station_id=row.station_id,
        station=station_in(row),
        retired_at=row.retired_at,
    )
