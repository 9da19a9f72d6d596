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
_COLOUR: list[Any] = ["interpolate", ["linear"], ["get", "weight"], 0, LIGHT, 10, HEAVY]
LOOK = TileLook(
    min_zoom=11,
    tile_fields=("purpose", "weight", "ground_m2"),
    style=(
        {
            "id": "gaps-fill",
            "type": "fill",
            "filter": ["==", ["get", "purpose"], SHOWN],
            "paint": {"fill-color": _COLOUR, "fill-opacity": 0.28},
        },
        {
            "id": "gaps-line",
            "type": "line",
            "minzoom": 14,
            "filter": ["==", ["get", "purpose"], SHOWN],
            "paint": {"line-color": _COLOUR, "line-width": 1},
        },
    ),
)
