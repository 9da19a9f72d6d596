"""A small town in Almaty: streets in a grid of 100 m with a house in each block, and something that happened."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from geo_server.planning.ground import Ground
from geo_server.planning.placement.kinds import offer
from geo_server.planning.placement.proposing import propose
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.schema import Asked, Proposal, Zone
from layers.coverage.schema import Buildings, Looking, Point, Standing

LON, LAT, SIDE_M = 76.94, 43.24, 100.0
GRID = Ground.around(LON, LAT)
((EAST, NORTH),) = GRID.metres(np.array([LON]), np.array([LAT])).tolist()


def degrees(shape: shapely.Geometry) -> bytes:
    """A shape of metres from the middle, as WKB in degrees."""
    moved = shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))
    wkb: bytes = shapely.to_wkb(GRID.in_degrees(np.array([moved], dtype=object))[0])
    return wkb


def metres_on_grid(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape of metres from the middle as such of the grid."""
    moved: shapely.Geometry = shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))
    return moved


def metres(wkb: bytes) -> shapely.Geometry:
    """The other way."""
    shape = GRID.in_metres(np.array([shapely.from_wkb(wkb)], dtype=object))[0]
    back: shapely.Geometry = shapely.transform(shape, lambda xy: xy - np.array([EAST, NORTH]))
    return back


def spot(lon: float, lat: float) -> shapely.Point:
    """A place in degrees as metres from the middle."""
    return shapely.Point(shapely.get_coordinates(metres(shapely.to_wkb(shapely.Point(lon, lat))))[0])


def place(east_m: float, north_m: float) -> tuple[float, float]:
    """A place by metres from the middle in degrees."""
    lon, lat = shapely.get_coordinates(shapely.from_wkb(degrees(shapely.Point(east_m, north_m))))[0].tolist()
    return lon, lat


def houses() -> list[shapely.Geometry]:
    return [shapely.box(x + 15, y + 15, x + 85, y + 85) for x in (-SIDE_M, 0.0) for y in (-SIDE_M, 0.0)]


def built() -> Buildings:
    every = houses()
    wkb = degrees(shapely.geometrycollections(every))
    return Buildings.of(wkb, [9.0] * len(every), [None] * len(every))


def standing(cameras: Sequence[Looking] = ()) -> Standing:
    steps = (-SIDE_M, 0.0, SIDE_M)
    along = [shapely.LineString([(x, y), (x + SIDE_M, y)]) for y in steps for x in steps[:2]]
    across = [shapely.LineString([(x, y), (x, y + SIDE_M)]) for x in steps for y in steps[:2]]
    return Standing(
        cameras=list(cameras),
        presets=[],
        buildings=built(),
        grounds=[],
        streets=[degrees(one) for one in (*along, *across)],
        points=[Point("incidents", *place(30, 0), kind="theft")],
    )


def question(**told: Any) -> Question:
    found = offer()
    kinds = tuple(one for one in found.kinds if one.name in {"fixed_4mp", "plate_2mp"})
    mounts = {source: mount.price for source, mount in found.mounts.items()}
    usual = {"purpose": "situation", "aim": "number", "amount": 3, "kinds": kinds, "mounts": mounts}
    return Question(currency=found.currency, **{**usual, **told})


def asked(*, zones: Sequence[Zone] = (), cameras: Sequence[Looking] = (), **told: Any) -> Asked:
    region = shapely.multipolygons([shapely.box(-SIDE_M - 10, -SIDE_M - 10, SIDE_M + 10, SIDE_M + 10)])
    return Asked(
        question=question(**told),
        epsg=GRID.epsg,
        region=degrees(region),
        standing=standing(cameras),
        zones=list(zones),
        poles=[],
    )


def proposed(tell: Callable[[int, int], None] = lambda done, total: None, **told: Any) -> Proposal:
    return propose(asked(**told), tell)


def zone(shape: shapely.Geometry, rule: Any = "refuse", id: int = 1) -> Zone:
    return Zone(id=id, name="Homes", rule=rule, wkb=degrees(shape))
