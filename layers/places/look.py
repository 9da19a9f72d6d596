"""How places look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

_MAIN = ["literal", ["police", "fire_station", "hospital"]]
_QUIET = ["literal", ["school", "hydrant"]]

LEGEND = (
    LegendEntry(
        colour="#8ea0b5", shape="star", title=Title(kk="Полиция бөлімі", ru="Отдел полиции", en="Police station")
    ),
    LegendEntry(
        colour="#8ea0b5", shape="flame", title=Title(kk="Өрт сөндіру бөлімі", ru="Пожарная часть", en="Fire station")
    ),
    LegendEntry(colour="#8ea0b5", shape="cross", title=Title(kk="Аурухана", ru="Больница", en="Hospital")),
    LegendEntry(colour="#77879b", shape="circle", title=Title(kk="Мектеп", ru="Школа", en="School")),
    LegendEntry(colour="#4f7392", shape="circle", title=Title(kk="Гидрант", ru="Гидрант", en="Hydrant")),
)
LOOK = TileLook(
    min_zoom=11,
    tile_fields=("kind", "name", "name_kk", "name_ru", "name_en"),
    style=(
        {
            "id": "places-spot",
            "type": "circle",
            "minzoom": 14.5,
            "filter": ["in", ["get", "kind"], _QUIET],
            "paint": {
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 1.5, 17, 3.5],
                "circle-color": ["match", ["get", "kind"], "hydrant", "#4f7392", "#77879b"],
            },
        },
        {
            "id": "places-name",
            "type": "symbol",
            "minzoom": 15.5,
            "filter": ["==", ["get", "kind"], "school"],
            "layout": {
                "text-field": ["coalesce", ["get", "name_{language}"], ["get", "name"]],
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
                "text-max-width": 9,
                "text-offset": [0, 0.9],
                "text-anchor": "top",
                "text-optional": True,
            },
            "paint": {"text-color": "#77879b", "text-halo-color": "#0b0f14", "text-halo-width": 1.2},
        },
        {
            "id": "places-service",
            "type": "symbol",
            "minzoom": 12,
            "filter": ["in", ["get", "kind"], _MAIN],
            "layout": {
                "icon-image": ["concat", "place-", ["get", "kind"]],
                "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.55, 16, 0.9],
                "text-field": ["step", ["zoom"], "", 14, ["coalesce", ["get", "name_{language}"], ["get", "name"]]],
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
                "text-max-width": 9,
                "text-offset": [0, 1.2],
                "text-anchor": "top",
                "text-optional": True,
            },
            "paint": {"text-color": "#a3b3c6", "text-halo-color": "#0b0f14", "text-halo-width": 1.3},
        },
    ),
)
