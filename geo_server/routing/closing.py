"""What may be drawn as a closure: pure checks of its shape and of its hours, and a word for each that fails."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from geo_server.errors import Refusal

MOST_POINTS = 1_000  # a street's bends; more is a file, not a drawing
MOST_ROADS = 5_000  # a district; more is not a closure

Points = Sequence[tuple[float, float]]


def shape_of(kind: Literal["LineString", "Polygon"], rings: Sequence[Points]) -> BaseGeometry:
    """Return the shape of GeoJSON's coordinates (a line is one ring), lon lat degrees WGS 84.

    Raises Refusal: closure_too_detailed, bad_closure_shape with where it crosses itself.
    """
    points = sum(map(len, rings))
    if points > MOST_POINTS:
        raise Refusal("closure_too_detailed", points=points, most=MOST_POINTS)
    try:
        shape = shapely.LineString(rings[0]) if kind == "LineString" else shapely.Polygon(rings[0], rings[1:])
    except (ValueError, IndexError, shapely.errors.GEOSException) as error:  # too few points, a ring that is not closed
        raise Refusal("bad_closure_shape", why=str(error).partition(":")[2].strip() or str(error)) from error
    if not shape.is_valid or shape.is_empty or shape.length == 0:
        raise Refusal("bad_closure_shape", why=shapely.is_valid_reason(shape))
    return shape


def check_hours(begins_at: datetime | None, ends_at: datetime | None, now: datetime) -> None:
    """Raise `Refusal("closure_hours")` where it would end before it begins, or in the past."""
    if ends_at is not None and ends_at <= max(begins_at or now, now):
        raise Refusal("closure_hours")
