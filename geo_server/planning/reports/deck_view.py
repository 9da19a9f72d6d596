"""The 3-D view of the page: pydeck writes it, the deck.gl that pydeck brings shows it; no map is asked for."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pydeck
import shapely

from geo_server.planning.reports import look
from geo_server.planning.reports.columns import Column, Grid, columns
from geo_server.planning.reports.schema import Language, Shape, Told
from geo_server.planning.reports.words import number, percent, say

BUNDLE = Path(pydeck.__file__).parent / "nbextension" / "static" / "index.js"
STOREY_M, UNKNOWN_M = 3.0, 6.0  # of a building: a storey, and one of which nobody knows how high it is
TALLEST = 0.12  # of the view's width: the highest column
Plain = pydeck.types.String


@cache
def deck_gl() -> str:
    """Return deck.gl as it stands in a page."""
    script = BUNDLE.read_text(encoding="utf-8").replace("//# sourceMappingURL=index.js.map", "")
    return script.replace("</script", "<\\/script")


def drawn(told: Told) -> tuple[str, float]:
    """Return the view as deck.gl's JSON, fit to stand in a script, and the side of its squares in metres."""
    grid, found = columns(told)
    deck = pydeck.Deck(
        layers=[*_ground(told), _columns(grid, found, told)],
        initial_view_state=_view(told),
        map_provider=None,
        map_style=None,
        tooltip={"text": "{tip}"},
    )
    plain = orjson.dumps(orjson.loads(deck.to_json())).decode()  # pydeck indents: that is three quarters of it
    return plain.replace("<", "\\u003c"), grid.size_m


def _view(told: Told) -> pydeck.ViewState:
    box = told.bbox
    across = max((box.east - box.west), (box.north - box.south) * 1.6, 0.004)
    zoom = min(math.log2(360 / across) + 0.6, 16)
    lon, lat = (box.west + box.east) / 2, (box.south + box.north) / 2
    return pydeck.ViewState(longitude=lon, latitude=lat, zoom=zoom, pitch=50, bearing=-20, max_pitch=80)


def _ground(told: Told) -> list[pydeck.Layer]:
    layers = told.layers
    flat = [
        _shapes(kind, [one for one in layers["landcover"].shapes if one.told["kind"] == kind], look.GROUND[kind])
        for kind in ("green", "water")
    ]
    lines: dict[str, Any] = {"stroked": True, "filled": False, "line_width_min_pixels": 1, "get_line_width": 5}
    streets = _shapes("streets", layers["streets"].shapes, look.GROUND["edge"], **lines)
    borders: dict[str, Any] = {"stroked": True, "filled": False, "line_width_min_pixels": 1.5}
    edge = _shapes("areas", layers["areas"].shapes, look.BORDER, **borders)
    houses = _shapes(
        "buildings",
        layers["buildings"].shapes,
        look.GROUND["building"],
        heights=[_height_m(one) for one in layers["buildings"].shapes],
        extruded=True,
        get_elevation="properties.h",
    )
    return [*flat, streets, edge, houses]


def _shapes(
    id: str, shapes: Sequence[Shape], colour: str, *, heights: Sequence[float] | None = None, **props: Any
) -> pydeck.Layer:
    found: Any = ()
    if shapes:
        found = shapely.transform(shapely.from_wkb([one.wkb for one in shapes]), lambda at: np.round(at, 6))
    features = [
        {"type": "Feature", "geometry": orjson.loads(text), "properties": {} if heights is None else {"h": heights[n]}}
        for n, text in enumerate(shapely.to_geojson(found) if shapes else ())
    ]
    return pydeck.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        id=id,
        get_fill_color=_rgb(colour),
        get_line_color=_rgb(colour),
        pickable=False,
        **({"stroked": False} | props),
    )


def _columns(grid: Grid, found: Sequence[Column], told: Told) -> pydeck.Layer:
    most = max((one.cameras for one in found), default=1)
    high_m = TALLEST * grid.size_m * max(_across(grid, told), 8)
    rows = [
        {
            "at": [round(one.lon, 6), round(one.lat, 6)],
            "n": one.cameras,
            "colour": [*look.between(one.seen), 215],
            "tip": _tip(one, told.wanted.language),
        }
        for one in found
    ]
    return pydeck.Layer(
        "ColumnLayer",
        rows,
        id="columns",
        get_position="at",
        get_elevation="n",
        get_fill_color="colour",
        elevation_scale=high_m / most,
        radius=grid.size_m * 0.42,
        disk_resolution=12,
        extruded=True,
        pickable=True,
        auto_highlight=True,
    )


def _across(grid: Grid, told: Told) -> float:
    """Return how many squares the longer side holds."""
    box = told.bbox
    return max((box.east - box.west) / grid.per_lon, (box.north - box.south) / grid.per_lat)


def _tip(one: Column, language: Language) -> str:
    return say("column", language, n=number(one.cameras, language), p=percent(one.seen, 1.0))


def _height_m(house: Shape) -> float:
    height, levels = house.told["height_m"], house.told["levels"]
    return float(height or (levels or 0) * STOREY_M or UNKNOWN_M)


def _rgb(colour: str) -> list[int]:
    return [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
