"""The doors of the map: pages of a layer, one feature, how far a layer reaches, tiles."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from tests.access import mvt
from tests.access.doors.desk import Desk, query
from tests.access.doors.question import Between, Question
from tests.access.doors.shown import LAYERS


class LayerDoors(Desk):
    """Asks for what is on the map."""

    def items(self) -> Question:
        """A page of a layer, with its number."""
        layer = self.rng.choice(self._layers())
        asked: dict[str, Any] = {}
        rows, conditions, values = LAYERS[layer].rows(self.sight), ["true"], dict[str, Any]()
        if self.rng.random() < 0.5:
            area = self._box()
            asked["bbox"] = ",".join(map(str, area))
            rows = [row for row in rows if row.shape is not None and row.shape.intersects(box(*area))]
            conditions.append("ST_Intersects(geom, ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326))")
            values |= dict(zip("wsen", area, strict=True))
        if self.rng.random() < 0.3 and LAYERS[layer].current:
            asked["current"] = "true"
            rows = [row for row in rows if not LAYERS[layer].is_over(row)]
            conditions.append(LAYERS[layer].current)
        if self.rng.random() < 0.3 and LAYERS[layer].time:
            since = datetime.now(UTC) - timedelta(days=self.rng.randrange(40), seconds=7)
            asked["datetime"] = f"{since:%Y-%m-%dT%H:%M:%SZ}/.."
            since = since.replace(microsecond=0)
            rows = [row for row in rows if row.told[LAYERS[layer].time] >= since]
            conditions.append(f"{LAYERS[layer].time} >= %(since)s")
            values["since"] = since
        limit, after = self.rng.choice((2, 7, 1000)), self.rng.choice((None, self.after(rows)))
        asked |= {"limit": limit} | ({"after": after} if after else {})
        return Question(
            door=f"items of {layer}",
            path=f"/api/collections/{layer}/items?{query(asked)}",
            model=(200, _page([row.id for row in rows], limit, after)),
            sql=f"SELECT id FROM {LAYERS[layer].table} WHERE {' AND '.join(conditions)} ORDER BY id",
            values=values,
            told=lambda found: _page([row["id"] for row in found], limit, after),
            read=_read_page,
            named=frozenset([after] if after else []),
        )

    def item(self) -> Question:
        """One feature."""
        layer = self.rng.choice(self._layers())
        id = self.some(LAYERS[layer].kind)
        there = any(row.id == id for row in LAYERS[layer].rows(self.sight))
        return self.one(
            f"item of {layer}",
            f"/api/collections/{layer}/items/{id}",
            id,
            id if there else None,
            sql=f"SELECT id FROM {LAYERS[layer].table} WHERE id = %(id)s",
            told=lambda found: found[0]["id"] if found else None,
            read=lambda answer: answer.json()["id"],
        )

    def extents(self) -> list[Question]:
        """How far each layer reaches, alone and in the list of all."""
        return [self.extent(layer) for layer in self._layers()]

    def extent(self, layer: str) -> Question:
        """How far a layer reaches in space and time."""
        of = LAYERS[layer]
        shapes = (
            [row.shape for row in of.rows(self.sight)]
            if of.measured
            else [box(*a.box) for a in self.world.areas.values()]
        )
        times = [row.told[of.time] for row in of.rows(self.sight)] if of.measured and of.time else []
        table = of.table if of.measured else "area"
        since = f"min({of.time})" if of.measured and of.time else "NULL::timestamptz"
        return Question(
            door=f"extent of {layer}",
            path=f"/api/collections/{layer}",
            model=(200, (_around(shapes), min(times, default=None))),
            sql=f"SELECT ST_XMin(b) w, ST_YMin(b) s, ST_XMax(b) e, ST_YMax(b) n, at"
            f" FROM (SELECT ST_Extent(geom) AS b, {since} AS at FROM {table}) f",
            told=lambda found: (_corners([found[0][side] for side in "wsen"]), found[0]["at"]),
            read=_read_extent,
        )

    def tile(self) -> Question:
        """A vector tile: the ids of the features in it."""
        layer = self.rng.choice(self._layers())
        of = LAYERS[layer]
        z = self.rng.choice((0, 7, 9, 10, 11, 12, 13))
        x, y = _tile_at(self.spot(), z)
        must, may = frozenset[int](), frozenset[int]()
        if z >= of.min_zoom:
            rows = [row for row in of.rows(self.sight) if not of.is_over(row)]
            sure, near = _tile_box(z, x, y, -0.002), _tile_box(z, x, y, 0.02)
            may = frozenset(row.id for row in rows if row.shape is not None and row.shape.intersects(near))
            must = frozenset(row.id for row in rows if isinstance(row.shape, Point) and sure.contains(row.shape))
        drawn = of.current or "true"
        return Question(
            door=f"tile of {layer}",
            path=f"/api/tiles/{layer}/{z}/{x}/{y}",
            model=(200, Between(must, may)),
            sql=f"SELECT id, true AS sure FROM {of.table} WHERE false"
            if z < of.min_zoom
            else "SELECT id, GeometryType(geom) = 'POINT'"
            " AND ST_Contains(ST_GeomFromText(%(sure)s, 4326), geom) AS sure"
            f" FROM {of.table} WHERE {drawn} AND ST_Intersects(geom, ST_GeomFromText(%(near)s, 4326))",
            values={"sure": _tile_box(z, x, y, -0.002).wkt, "near": _tile_box(z, x, y, 0.02).wkt},
            told=lambda found: Between(
                frozenset(row["id"] for row in found if row["sure"]), frozenset(row["id"] for row in found)
            ),
            read=lambda answer: frozenset(id for ids in mvt.ids_in(answer.content).values() for id in ids),
        )

    def _layers(self) -> list[str]:
        """Return the layers that the role sees at all."""
        return [name for name in LAYERS if name != "calls" or self.sight.may("calls")]

    def _box(self) -> tuple[float, float, float, float]:
        at, wide, high = self.spot(), self.rng.uniform(0.02, 1.2), self.rng.uniform(0.02, 1.2)
        west, south = round(at.x - wide / 2, 4), round(at.y - high / 2, 4)
        return west, south, round(west + wide, 4), round(south + high, 4)


def _page(ids: Sequence[int], limit: int, after: int | None) -> tuple[Any, ...]:
    rest = [id for id in ids if after is None or id > after]
    return tuple(rest[:limit]), len(ids), len(rest) > limit


def _read_page(answer: httpx.Response) -> tuple[Any, ...]:
    told = answer.json()
    more = any(link["rel"] == "next" for link in told["links"])
    assert told["numberReturned"] == len(told["features"])
    return tuple(one["id"] for one in told["features"]), told["numberMatched"], more


def _read_extent(answer: httpx.Response) -> tuple[Any, ...]:
    extent = answer.json()["extent"]
    (corners,) = extent["spatial"]["bbox"]
    since = extent["temporal"]["interval"][0][0]
    return _corners(corners), None if since is None else datetime.fromisoformat(since)


def _corners(corners: Sequence[float | None]) -> tuple[float, ...]:
    west, south, east, north = (-180.0, -90.0, 180.0, 90.0) if corners[0] is None else corners
    return tuple(round(float(value), 6) for value in (west, south, east, north) if value is not None)


def _around(shapes: Iterable[BaseGeometry | None]) -> tuple[float, ...]:
    bounds = [shape.bounds for shape in shapes if shape is not None]
    if not bounds:
        return _corners([None])
    west, south, east, north = zip(*bounds, strict=True)
    return _corners([min(west), min(south), max(east), max(north)])


def _tile_at(at: Point, z: int) -> tuple[int, int]:
    y = (1 - math.asinh(math.tan(math.radians(at.y))) / math.pi) / 2
    return int((at.x + 180) / 360 * 2**z), int(y * 2**z)


def _tile_box(z: int, x: int, y: int, margin: float) -> BaseGeometry:
    """Return a tile in degrees, wider by a part of its side."""

    def lon(column: float) -> float:
        return float(column / 2**z * 360 - 180)

    def lat(row: float) -> float:
        row = min(max(row, 0.0), 2.0**z)
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))

    return box(lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin))
