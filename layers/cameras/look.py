"""How cameras look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

_COLOUR = ["match", ["get", "state"], "live", "#3ddbb4", "stale", "#e69f00", "down", "#ff4d4f", "#9aa4b2"]

LEGEND = (
    LegendEntry(
        colour="#3ddbb4",
        shape="ring",
        title=Title(kk="Камера жұмыс істейді", ru="Камера работает", en="Camera is live"),
    ),
    LegendEntry(
        colour="#e69f00", shape="ring", title=Title(kk="Кадры ескірген", ru="Кадр устарел", en="Picture is stale")
    ),
    LegendEntry(colour="#ff4d4f", shape="ring", title=Title(kk="Байланыс жоқ", ru="Нет связи", en="No connection")),
)
LOOK = TileLook(
    min_zoom=9,
    tile_fields=("code", "name_kk", "name_ru", "name_en", "state", "heading_deg"),
    style=(
        {
            "id": "cameras-spot",
            "type": "circle",
            "paint": {
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 2.5, 16, 7],
                "circle-color": "#10151c",
                "circle-stroke-color": _COLOUR,
                "circle-stroke-width": 2,
            },
        },
        {
            "id": "cameras-name",
            "type": "symbol",
            "minzoom": 14,
            "layout": {
                "text-field": ["get", "name_{language}"],
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
                "text-offset": [0, 1.2],
                "text-optional": True,
            },
            "paint": {"text-color": "#bfe9dd", "text-halo-color": "#0b0f14", "text-halo-width": 1.2},
        },
    ),
)
