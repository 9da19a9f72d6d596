"""How buildings look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

LEGEND = (LegendEntry(colour="#1b222c", shape="area", title=Title(kk="Ғимарат", ru="Здание", en="Building")),)
LOOK = TileLook(
    min_zoom=13,
    tile_fields=("levels", "height_m"),
    style=(
        {
            "id": "buildings-fill",
            "type": "fill",
            "minzoom": 13,
            "paint": {
                "fill-color": "#1a212b",
                "fill-outline-color": "#252e3a",
                "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.3, 14.5, 1],
            },
        },
    ),
)
