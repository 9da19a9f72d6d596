"""How cameras look on the map: quiet while they deliver, ringed when they do not."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

UNREAD = "#5c6a7a"
_COLOUR = ["match", ["get", "state"], "live", "#8fa3b8", "stale", "#e69f00", "down", "#ff4d4f", UNREAD]

LEGEND = (
    LegendEntry(
        colour="#8fa3b8",
        shape="ring",
        title=Title(kk="Камера жұмыс істейді", ru="Камера работает", en="Camera is live"),
    ),
    LegendEntry(
        colour="#e69f00", shape="ring", title=Title(kk="Кадры ескірген", ru="Кадр устарел", en="Picture is stale")
    ),
    LegendEntry(colour="#ff4d4f", shape="ring", title=Title(kk="Байланыс жоқ", ru="Нет связи", en="No connection")),
    LegendEntry(
        colour=UNREAD,
        shape="ring",
        title=Title(kk="Ағыны оқылмайды", ru="Поток не читается", en="No stream is read"),
    ),
)
LOOK = TileLook(
    min_zoom=9,
    tile_fields=("code", "name_kk", "name_ru", "name_en", "state", "heading_deg"),
    style=(
        {
            "id": "cameras-spot",
            "type": "circle",
            "paint": {
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 2, 13, 5, 16, 12],
                "circle-color": "#141b24",
                "circle-stroke-color": _COLOUR,
                "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 10, 1, 14, 2],
            },
        },
        {
            "id": "cameras-sign",
            "type": "symbol",
            "minzoom": 13,
            "layout": {
                "icon-image": "camera",
                "icon-size": ["interpolate", ["linear"], ["zoom"], 13, 0.45, 16, 0.95],
                "icon-allow-overlap": True,
                "text-field": ["step", ["zoom"], "", 15, ["get", "name_{language}"]],
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
                "text-max-width": 10,
                "text-offset": [0, 1.5],
                "text-anchor": "top",
                "text-optional": True,
            },
            "paint": {"text-color": "#b4c3d4", "text-halo-color": "#0b0f14", "text-halo-width": 1.3},
        },
    ),
)
