"""Every question asked of what is lost where a camera, a pole, a node or a link fails."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import REAL, ColumnElement, Text, any_, column, func, literal, select

from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.cameras.table import camera
from layers.coverage.schema import Lost
from layers.coverage.table import LOST, coverage_lost
from layers.database import Session
from layers.values import Title
from layers.viewer import Viewer

_l = coverage_lost.c


async def worst(
    session: Session,
    viewer: Viewer,
    purpose: str,
    by: str,
    *,
    rank: str = "ground_m2",
    inside: int | None = None,
    most: int,
    past: int = 0,
) -> list[Lost]:
    """Return what alone sees most in the viewer's area, or in one inside of it; by one of LOST those first that do."""
    columns = [column("name", Text), *(column(name, REAL) for name in LOST)]
    each = func.unnest(_l.names, *(_l[name] for name in LOST)).table_valued(*columns).render_derived(name="each")
    sums = [func.sum(each.c[name]).label(name) for name in LOST]
    some = select(each.c.name, *sums).select_from(coverage_lost).join(each, literal(True))
    some = some.where(_l.purpose == purpose, _l.by == by, seen_by(viewer, _l.area_id))
    if inside is not None:
        some = some.where(_l.area_id.in_(select(area.c.id).where(literal(inside) == any_(area.c.path))))
    ordered = some.group_by(each.c.name).order_by(func.sum(each.c[rank]).desc(), each.c.name)
    rows = (await session.execute(ordered.limit(most).offset(past))).all()
    told = await _told(session, by, [row.name for row in rows])
    return [_lost(row, *told.get(row.name, (None, 0))) for row in rows]


async def tiles_of(
    session: Session, viewer: Viewer, purpose: str, by: str, name: str, most: int
) -> list[tuple[int, list[int]]]:
    """Return the tiles in which it alone sees most, each with the areas in which it does so and that are seen here."""
    at = func.array_position(_l.names, name)
    amount = func.sum(_l.ground_m2[at])
    asked = select(_l.tile_id, func.array_agg(_l.area_id)).where(
        _l.purpose == purpose, _l.by == by, at.is_not(None), seen_by(viewer, _l.area_id)
    )
    worst_first = asked.group_by(_l.tile_id).order_by(amount.desc(), _l.tile_id).limit(most)
    return [(row[0], list(row[1])) for row in await session.execute(worst_first)]


async def _told(session: Session, by: str, names: Sequence[str]) -> dict[str, tuple[Title | None, int]]:
    """Return what people call a camera, and how many of the cameras that are seen here each group has."""
    if by == "camera":
        titles = select(camera.c.id, *(camera.c[f"name_{one}"] for one in ("kk", "ru", "en")))
        found = await session.execute(titles.where(camera.c.id.in_([int(name) for name in names])))
        return {str(row[0]): (Title(kk=row[1], ru=row[2], en=row[3]), 1) for row in found}
    own: ColumnElement[Any] = camera.c[by]
    counted = select(own, func.count()).where(own.in_(names)).group_by(own)
    return {row[0]: (None, row[1]) for row in await session.execute(counted)}


def _lost(row: Any, title: Title | None, cameras: int) -> Lost:
    return Lost(name=row.name, title=title, cameras=cameras, **{name: getattr(row, name) for name in LOST})
