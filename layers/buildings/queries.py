"""Every question asked of buildings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sqlalchemy import func, select

from layers.asking import Reading
from layers.buildings.table import building
from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.near import OfKind, asked_of_kinds
from layers.values import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBuilding:
    """One building as the importer writes it; `kind` is its OSM value, `geom` WKB in hex, lon lat order."""

    osm_id: int
    kind: str
    name: str | None
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    height_m: float | None
    levels: float | None
    geom: str


def asked_near(place: LonLat, kinds: Collection[str], *, radius_m: float) -> Reading[list[OfKind]]:
    """Return the reading of the nearest of each of these kinds of buildings within `radius_m` metres."""
    return asked_of_kinds(building, kinds, place, radius_m)


async def count(session: Session) -> int:
    """Return how many buildings there are."""
    return int((await session.execute(select(func.count()).select_from(building))).scalar_one())


def write(connection: Connection, rows: Sequence[NewBuilding], area_ids: Sequence[int]) -> None:
    """Write buildings by COPY, each with the area it lies in; raises psycopg.Error where a row is refused."""
    names = [f.name for f in fields(NewBuilding)]
    given = attrgetter(*names)
    placed = ((*given(row), area_id) for row, area_id in zip(rows, area_ids, strict=True))
    copy_into(connection, building, [*names, "area_id"], placed)
