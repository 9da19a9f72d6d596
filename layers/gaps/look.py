"""How gaps look on the map: the redder, the more of what matters lies in them; one purpose at a time."""

from typing import Any

from layers.coverage.look import SHOWN
from layers.layer import LegendEntry, TileLook
from layers.values import Title

HEAVY, LIGHT = "#e5484d", "#8d5a5a"
LEGEND = (
    LegendEntry(
        colour=HEAVY,
        shape="area",
        title=Title(kk="Маңызды көрінбейтін жер", ru="Важный участок без обзора", en="A gap that matters"),
    ),
    LegendEntry(
        colour=LIGHT,
        shape="area",
        title=Title(kk="Көрінбейтін жер", ru="Участок без обзора", en="A gap"),
    ),
)
# a square that is cut no more weighs ten and a busy one some hundreds
_COLOUR: list[Any] = ["interpolate", ["linear"], ["get", "weight"], 0, LIGHT, 10, "#b4545a", 100, HEAVY]
_OPACITY: list[Any] = ["interpolate", ["linear"], ["get", "weight"], 0, 0.12, 10, 0.22, 100, 0.46]
LOOK = TileLook(
    min_zoom=11,
    tile_fields=("purpose", "weight", "ground_m2"),
    style=(
        {
            "id": "gaps-fill",
            "type": "fill",
            "filter": ["==", ["get", "purpose"], SHOWN],
            # no antialias: along it neighbours would draw a lattice over the city
            "paint": {"fill-color": _COLOUR, "fill-opacity": _OPACITY, "fill-antialias": False},
        },
        {
            "id": "gaps-line",
            "type": "line",
            "minzoom": 14,
            "filter": ["==", ["get", "purpose"], SHOWN],
            "paint": {"line-color": _COLOUR, "line-width": 1, "line-opacity": 0.4},
        },
    ),
)
