"""Every question asked of land cover."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sqlalchemy import func, select

from layers.asking import Reading
from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.landcover.table import landcover
from layers.near import OfKind, asked_of_kinds
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


def asked_near(place: LonLat, kinds: Collection[str], *, radius_m: float) -> Reading[list[OfKind]]:
    """Return the reading of the nearest patch of each of these kinds of land cover within `radius_m` metres."""
    return asked_of_kinds(landcover, kinds, place, radius_m)


async def count(session: Session) -> int:
    """Return how many patches of land cover there are."""
    return int((await session.execute(select(func.count()).select_from(landcover))).scalar_one())


def write(connection: Connection, rows: Sequence[NewLandcover], area_ids: Sequence[int]) -> None:
    """Write land cover by COPY, each with the area it lies in; raises psycopg.Error where a row is refused."""
    names = [f.name for f in fields(NewLandcover)]
    given = attrgetter(*names)
    placed = ((*given(row), area_id) for row, area_id in zip(rows, area_ids, strict=True))
    copy_into(connection, landcover, [*names, "area_id"], placed)
