"""How areas look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

LEGEND = (
    LegendEntry(
        colour="#5a6b80",
        shape="line",
        title=Title(kk="Аумақ шекарасы", ru="Граница территории", en="Border of an area"),
    ),
)
LOOK = TileLook(
    min_zoom=2,
    max_zoom=14,
    tile_fields=("level", "name_kk", "name_ru", "name_en", "approximate"),
    style=(
        {
            "id": "areas-border",
            "type": "line",
            "paint": {
                "line-color": "#5a6b80",
                "line-width": ["match", ["get", "level"], 1, 2, 2, 1.4, 1],
                "line-dasharray": [3, 2],
                "line-opacity": 0.7,
            },
        },
        {
            "id": "areas-name",
            "type": "symbol",
            "maxzoom": 13,
            "layout": {
                "text-field": ["get", "name_{language}"],
                "text-font": ["Noto Sans SemiBold"],
                "text-size": ["match", ["get", "level"], 1, 20, 2, 16, 13],
            },
            "paint": {"text-color": "#c3cedb", "text-halo-color": "#0b0f14", "text-halo-width": 1.4},
        },
    ),
)
