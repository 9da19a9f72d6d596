"""A region or a zone as somebody drew it."""

from collections.abc import Sequence

import shapely

from geo_server.errors import Refusal
from geo_server.routing.closing import Points, shape_of


def drawn(rings: Sequence[Points]) -> bytes:
    """Return a polygon, WKB in degrees WGS 84; raises Refusal: no_ground, closure_too_detailed."""
    try:
        wkb: bytes = shapely.to_wkb(shape_of("Polygon", rings))
    except Refusal as refusal:
        raise Refusal("no_ground") if refusal.code == "bad_closure_shape" else refusal from None
    return wkb
