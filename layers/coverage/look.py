"""How coverage looks on the map: green where one camera sees, brighter where two or more do; one purpose at a time."""

from typing import Any

from layers.layer import LegendEntry, TileLook
from layers.values import Title

SHOWN = "situation"  # until somebody chooses another purpose
ONE, MORE = "#2f9e6e", "#5fe0a3"

LEGEND = (
    LegendEntry(
        colour=ONE,
        shape="area",
        title=Title(kk="Бір камера көреді", ru="Видит одна камера", en="One camera sees it"),
    ),
    LegendEntry(
        colour=MORE,
        shape="area",
        title=Title(kk="Екі не одан көп камера көреді", ru="Видят две камеры или больше", en="Two cameras or more"),
    ),
)
_COLOUR: list[Any] = ["match", ["get", "cameras"], 1, ONE, MORE]
LOOK = TileLook(
    min_zoom=9,
    tile_fields=("purpose", "cameras"),
    style=(
        {
            "id": "coverage-fill",
            "type": "fill",
            "filter": ["==", ["get", "purpose"], SHOWN],
            "paint": {"fill-color": _COLOUR, "fill-opacity": 0.32},
        },
    ),
)
