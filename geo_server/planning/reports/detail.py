"""How finely a report is drawn, so that a page of a whole Republic opens as one of a district does: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo_server.planning.reports.schema import Drawn, Shape

M_PER_DEG = 111_195.0
STEPS_M = (2.0, 8.0, 30.0)  # of a cell, of a house, of a quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much of one kind a page has room for: shapes, and the points of their outlines."""

    shapes: int
    points: int


# With all of it a page weighs some 20 MB, a fifth of which draws it; a browser takes that in a few seconds.
ROOMS = {
    "coverage": Room(shapes=20_000, points=150_000),
    "gaps": Room(shapes=4_000, points=100_000),
    "cameras": Room(shapes=20_000, points=20_000),
    "areas": Room(shapes=500, points=60_000),
    "streets": Room(shapes=10_000, points=40_000),
    "landcover": Room(shapes=1_500, points=40_000),
    "buildings": Room(shapes=10_000, points=80_000),
}


def coarser(points: int, room: Room) -> Sequence[float]:
    """Return how far outlines of so many points may stray, in metres, step by step until they fit: 0 where they do."""
    return (0.0,) if points <= room.points else STEPS_M


def fitting(shapes: Sequence[Shape], whole: int, room: Room, strayed_m: float) -> Drawn:
    """Return of shapes in the order of their weight as many as there is room for."""
    if not shapes:
        return Drawn(shapes=(), whole=whole, within_m=strayed_m)
    points = np.cumsum(shapely.get_num_coordinates(shapely.from_wkb([one.wkb for one in shapes])))
    most = min(int(np.searchsorted(points, room.points, side="right")), room.shapes)
    return Drawn(shapes=tuple(shapes[: max(most, 1)]), whole=whole, within_m=strayed_m)
