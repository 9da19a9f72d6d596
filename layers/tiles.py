"""Vector tiles of any layer: one ST_AsMVT query, of what the viewer sees and the style draws at that zoom."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Text, and_, cast, func, literal_column, or_, select, true

from layers.areas.queries import in_sight
from layers.database import Session
from layers.drawn import drawn_at
from layers.layer import Layer, TileLook
from layers.viewer import Viewer

DEEPEST = 22
_GRID, _MARGIN = 4096, 64  # units a tile's side has, and how far features reach beyond it
_SPECK_PX = 0.6  # what spans less of a 512-px tile than this cannot be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A tile's address: zoom, column from the west, row from the north (EPSG:3857)."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Say whether the globe has such a tile."""
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z


async def tile(session: Session, layer: Layer, viewer: Viewer, at: Tile) -> bytes:
    """Return the layer's MVT, empty where nothing is drawn; ValueError where the address is off the globe."""
    if not at.exists:
        raise ValueError(f"there is no tile {at.z}/{at.x}/{at.y}")
    look, geom = layer.look, layer.column("geom")
    if isinstance(look, TileLook) and at.z < look.min_zoom:
        return b""
    drawn = await _mvt(session, layer, viewer, at, layer.name, _simplified(geom, at.z), _MARGIN)
    if drawn and isinstance(look, TileLook) and look.anchored:
        # without a margin, so that of all tiles a feature lies in exactly one holds its anchor
        drawn += await _mvt(session, layer, viewer, at, f"{layer.name}-anchor", func.ST_PointOnSurface(geom), 0)
    return drawn


async def _mvt(
    session: Session, layer: Layer, viewer: Viewer, at: Tile, name: str, shape: ColumnElement[Any], margin: int
) -> bytes:
    fields = layer.look.tile_fields if isinstance(layer.look, TileLook) else layer.fields
    bounds = func.ST_TileEnvelope(at.z, at.x, at.y)
    clipped = func.ST_AsMVTGeom(func.ST_Transform(shape, 3857), bounds, _GRID, margin, True).label("mvt")
    columns = [_plain(layer.column(field)).label(field) for field in fields if field not in ("id", "geom")]
    rows = (
        select(layer.column("id").label("id"), clipped, *columns)
        .where(*_wanted(layer, viewer, at), in_sight(layer, viewer))
        .subquery("rows_")
    )
    mvt = func.ST_AsMVT(literal_column("rows_.*"), name, _GRID, "mvt", "id")
    found = (await session.execute(select(mvt).select_from(rows).where(rows.c.mvt.is_not(None)))).scalar_one()
    return bytes(found or b"")


def _wanted(layer: Layer, viewer: Viewer, at: Tile) -> list[ColumnElement[bool]]:
    geom = layer.column("geom")
    # ST_TileEnvelope's margin in 4326: the box is what the index of the layer is on.
    box = func.ST_Transform(_with_margin(at), 4326)
    if at.z == 0:
        box = func.ST_MakeEnvelope(-180, -90, 180, 90, 4326)
    conditions = [geom.op("&&", is_comparison=True)(box), _large_enough(geom, at.z)]
    if isinstance(layer.look, TileLook):
        conditions.append(drawn_at(layer, layer.look, at.z))
    if layer.current is not None:
        conditions.append(layer.current)
    return conditions


def _with_margin(at: Tile) -> ColumnElement[Any]:
    world = func.ST_MakeEnvelope(-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244, 3857)
    return func.ST_TileEnvelope(at.z, at.x, at.y, world, _MARGIN / _GRID)


def _large_enough(geom: ColumnElement[Any], z: int) -> ColumnElement[bool]:
    """Leave out areas too small to see. Lines stay: a long road is made of short segments."""
    if z >= 14:
        return true()
    speck_deg = _SPECK_PX * 360 / (512 * 2**z)
    wide = func.ST_XMax(geom) - func.ST_XMin(geom) > speck_deg
    high = func.ST_YMax(geom) - func.ST_YMin(geom) > speck_deg
    return or_(func.ST_Dimension(geom) < 2, and_(wide, high))


def _simplified(geom: ColumnElement[Any], z: int) -> ColumnElement[Any]:
    if z >= 14:
        return geom
    return func.ST_Simplify(geom, 360 / (512 * 2**z) / 2, True)


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as MVT can carry it: times become text, else ST_AsMVT leaves them out."""
    return cast(column, Text) if isinstance(column.type, DateTime) else column
