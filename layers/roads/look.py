"""How roads look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

_MAJOR = ["literal", ["motorway", "trunk", "primary", "secondary"]]
_IS_MAJOR = ["in", ["get", "class"], _MAJOR]
_NAME = ["coalesce", ["get", "name_{language}"], ["get", "name"]]

LEGEND = (
    LegendEntry(colour="#3d4a5b", shape="line", title=Title(kk="Негізгі жол", ru="Магистраль", en="Major road")),
    LegendEntry(colour="#28313d", shape="line", title=Title(kk="Көше", ru="Улица", en="Street")),
)
LOOK = TileLook(
    min_zoom=8,
    tile_fields=("class", "name", "name_kk", "name_ru", "name_en"),
    style=(
        {
            "id": "roads-minor",
            "type": "line",
            "minzoom": 12,
            "filter": ["!", _IS_MAJOR],
            "layout": {"line-cap": "round", "line-join": "round"},
            "paint": {
                "line-color": ["interpolate", ["linear"], ["zoom"], 12, "#1c242e", 14, "#262f3b"],
                "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 12, 0.5, 15, 2.4, 18, 12],
            },
        },
        {
            "id": "roads-major",
            "type": "line",
            "filter": _IS_MAJOR,
            "layout": {"line-cap": "round", "line-join": "round"},
            "paint": {
                "line-color": ["match", ["get", "class"], ["motorway", "trunk", "primary"], "#3d4a5b", "#333f4e"],
                "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 9, 0.6, 13, 2.2, 15, 5, 18, 20],
            },
        },
        {
            "id": "roads-name-minor",
            "type": "symbol",
            "minzoom": 14.8,
            "filter": ["!", _IS_MAJOR],
            "layout": {
                "symbol-placement": "line",
                "symbol-spacing": 420,
                "text-field": _NAME,
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
            },
            "paint": {"text-color": "#718096", "text-halo-color": "#10151c", "text-halo-width": 1.4},
        },
        {
            "id": "roads-name-major",
            "type": "symbol",
            "minzoom": 12.5,
            "filter": _IS_MAJOR,
            "layout": {
                "symbol-placement": "line",
                "symbol-spacing": 380,
                "text-field": _NAME,
                "text-font": ["Noto Sans Regular"],
                "text-size": ["interpolate", ["linear"], ["zoom"], 12, 11, 16, 13],
            },
            "paint": {"text-color": "#95a5b9", "text-halo-color": "#10151c", "text-halo-width": 1.6},
        },
    ),
)
