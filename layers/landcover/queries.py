"""Every question asked of land cover."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sqlalchemy import func, select

from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.landcover.table import landcover
from layers.near import OfKind, around, kind_found, nearest_of_kinds
from layers.values import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLandcover:
    """Water, green or used land as the importer writes it; `geom` is WKB in hex, lon lat order."""

    osm_id: int
    kind: str
    name: str | None
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    geom: str


async def near(session: Session, place: LonLat, kinds: Collection[str], *, radius_m: float) -> list[OfKind]:
    """Return the nearest patch of each of these kinds of land cover within `radius_m` metres."""
    asked = nearest_of_kinds(landcover, frozenset(kinds))
    return [kind_found(row) for row in await session.execute(asked, around(place, radius_m))]


async def count(session: Session) -> int:
    """Return how many patches of land cover there are."""
    return int((await session.execute(select(func.count()).select_from(landcover))).scalar_one())


def write(connection: Connection, rows: Sequence[NewLandcover], area_ids: Sequence[int]) -> None:
    """Write land cover by COPY, each with the area it lies in; raises psycopg.Error where a row is refused."""
    names = [f.name for f in fields(NewLandcover)]
    given = attrgetter(*names)
    placed = ((*given(row), area_id) for row, area_id in zip(rows, area_ids, strict=True))
    copy_into(connection, landcover, [*names, "area_id"], placed)
