"""How addresses look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

LEGEND = (
    LegendEntry(colour="#77879b", shape="circle", title=Title(kk="Үй нөмірі", ru="Номер дома", en="House number")),
)
LOOK = TileLook(
    min_zoom=16,
    max_zoom=16,
    tile_fields=("house", "common_name"),
    style=(
        {
            "id": "addresses-house",
            "type": "symbol",
            "minzoom": 16,
            "layout": {"text-field": ["get", "house"], "text-font": ["Noto Sans Regular"], "text-size": 10},
            "paint": {"text-color": "#77879b", "text-halo-color": "#0b0f14", "text-halo-width": 1},
        },
    ),
)
