"""How roads look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

_MAJOR = ["literal", ["motorway", "trunk", "primary", "secondary"]]

LEGEND = (
    LegendEntry(colour="#3a4656", shape="line", title=Title(kk="Негізгі жол", ru="Магистраль", en="Major road")),
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
            "filter": ["!", ["in", ["get", "class"], _MAJOR]],
            "layout": {"line-cap": "round"},
            "paint": {"line-color": "#28313d", "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.4, 17, 6]},
        },
        {
            "id": "roads-major",
            "type": "line",
            "filter": ["in", ["get", "class"], _MAJOR],
            "layout": {"line-cap": "round"},
            "paint": {"line-color": "#3a4656", "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 17, 10]},
        },
        {
            "id": "roads-name",
            "type": "symbol",
            "minzoom": 12.5,
            "layout": {
                "symbol-placement": "line",
                "text-field": ["coalesce", ["get", "name_{language}"], ["get", "name"]],
                "text-font": ["Noto Sans Regular"],
                "text-size": 12,
            },
            "paint": {"text-color": "#8b9bb0", "text-halo-color": "#0b0f14", "text-halo-width": 1.4},
        },
    ),
)
