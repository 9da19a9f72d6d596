"""How finely a report is drawn, so that a page of a whole Republic opens as one of a district does: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo_server.planning.reports.schema import Drawn, Shape

M_PER_DEG = 111_195.0
STEPS_M = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much of one kind a page has room for: shapes, and the points of their outlines."""

    shapes: int
    points: int


# Some 12 MB of a page in all; what is drawn by hand in the browser stays fluent.
ROOMS = {
    "coverage": Room(shapes=20_000, points=200_000),
    "gaps": Room(shapes=4_000, points=150_000),
    "cameras": Room(shapes=20_000, points=20_000),
    "areas": Room(shapes=500, points=60_000),
    "streets": Room(shapes=12_000, points=60_000),
    "landcover": Room(shapes=1_500, points=40_000),
    "buildings": Room(shapes=12_000, points=120_000),
}


def within_m(points: int, room: Room) -> float:
    """Return how far an outline may stray, in metres, where so many points are to fit.

    A staircase of 2 m cells loses half of its points at 1 m and from then on about as many as it grows coarser.
    """
    if points <= room.points:
        return 0.0
    wanted = points / room.points / 2
    return next((step for step in STEPS_M if step >= wanted), STEPS_M[-1])


def fitting(shapes: Sequence[Shape], whole: int, room: Room, strayed_m: float) -> Drawn:
    """Return of shapes in the order of their weight as many as there is room for."""
    if not shapes:
        return Drawn(shapes=(), whole=whole, within_m=strayed_m)
    points = np.cumsum(shapely.get_num_coordinates(shapely.from_wkb([one.wkb for one in shapes])))
    most = min(int(np.searchsorted(points, room.points, side="right")), room.shapes)
    return Drawn(shapes=tuple(shapes[: max(most, 1)]), whole=whole, within_m=strayed_m)
