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
    max_zoom=12,
    anchored=True,
    tile_fields=("level", "name_kk", "name_ru", "name_en", "approximate"),
    style=(
        {
            "id": "areas-ground",
            "type": "fill",
            "filter": ["==", ["get", "level"], 1],
            "paint": {"fill-color": "#141b24", "fill-antialias": False},
        },
        {
            "id": "areas-border",
            "type": "line",
            "filter": ["any", ["<=", ["get", "level"], 2], [">=", ["zoom"], 8]],
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": ["match", ["get", "level"], 1, "#64758a", 2, "#4a5a6d", "#47566a"],
                "line-width": ["match", ["get", "level"], 1, 1.8, 2, 1.2, 1],
                "line-dasharray": [4, 2.5],
                "line-opacity": 0.8,
            },
        },
        {
            "id": "areas-name",
            "type": "symbol",
            "source-layer": "areas-anchor",
            "minzoom": 3.5,
            "maxzoom": 13,
            "filter": ["step", ["zoom"], ["==", ["get", "level"], 2], 9.5, [">", ["get", "level"], 2]],
            "layout": {
                "text-field": ["get", "name_{language}"],
                "text-font": ["Noto Sans SemiBold"],
                "text-size": ["match", ["get", "level"], 1, 18, 2, 13, 12],
                "text-max-width": 8,
                "text-padding": 6,
                "symbol-sort-key": ["get", "level"],
            },
            "paint": {"text-color": "#aab8c8", "text-halo-color": "#0b0f14", "text-halo-width": 1.4},
        },
    ),
)
