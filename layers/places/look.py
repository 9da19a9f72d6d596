"""How places look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

_COLOUR = [
    "match",
    ["get", "kind"],
    "police",
    "#6ea8fe",
    "fire_station",
    "#ff8f6b",
    "hospital",
    "#f2f5f9",
    "school",
    "#a78bda",
    "#56b4e9",
]

LEGEND = (
    LegendEntry(
        colour="#6ea8fe", shape="diamond", title=Title(kk="Полиция бөлімі", ru="Отдел полиции", en="Police station")
    ),
    LegendEntry(
        colour="#ff8f6b", shape="diamond", title=Title(kk="Өрт сөндіру бөлімі", ru="Пожарная часть", en="Fire station")
    ),
    LegendEntry(colour="#f2f5f9", shape="diamond", title=Title(kk="Аурухана", ru="Больница", en="Hospital")),
    LegendEntry(colour="#a78bda", shape="diamond", title=Title(kk="Мектеп", ru="Школа", en="School")),
    LegendEntry(colour="#56b4e9", shape="diamond", title=Title(kk="Гидрант", ru="Гидрант", en="Hydrant")),
)
LOOK = TileLook(
    min_zoom=11,
    tile_fields=("kind", "name", "name_kk", "name_ru", "name_en"),
    style=(
        {
            "id": "places-spot",
            "type": "circle",
            "filter": [
                "any",
                ["in", ["get", "kind"], ["literal", ["police", "fire_station", "hospital"]]],
                [">=", ["zoom"], 14],
            ],
            "paint": {
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 1.6, 16, 4],
                "circle-color": _COLOUR,
                "circle-opacity": 0.8,
            },
        },
        {
            "id": "places-name",
            "type": "symbol",
            "minzoom": 13.5,
            "filter": ["!=", ["get", "kind"], "hydrant"],
            "layout": {
                "text-field": ["coalesce", ["get", "name_{language}"], ["get", "name"]],
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
                "text-offset": [0, 1],
                "text-optional": True,
            },
            "paint": {"text-color": "#9fb3c8", "text-halo-color": "#0b0f14", "text-halo-width": 1.2},
        },
    ),
)
