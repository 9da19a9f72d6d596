"""How landcover look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

LEGEND = (
    LegendEntry(colour="#17324a", shape="area", title=Title(kk="Су", ru="Вода", en="Water")),
    LegendEntry(colour="#16281d", shape="area", title=Title(kk="Жасыл аймақ", ru="Зелень", en="Green")),
)
LOOK = TileLook(
    anchored=True,
    min_zoom=8,
    tile_fields=("kind", "name", "name_kk", "name_ru", "name_en"),
    style=(
        {
            "id": "landcover-fill",
            "type": "fill",
            "paint": {
                "fill-color": [
                    "match",
                    ["get", "kind"],
                    "water",
                    "#17324a",
                    "green",
                    "#16281d",
                    "industrial",
                    "#1a1d24",
                    "#171f29",
                ]
            },
        },
        {
            "id": "landcover-name",
            "type": "symbol",
            "source-layer": "landcover-anchor",
            "minzoom": 13,
            "filter": ["in", ["get", "kind"], ["literal", ["water", "green"]]],
            "layout": {
                "text-field": ["coalesce", ["get", "name_{language}"], ["get", "name"]],
                "text-font": ["Noto Sans Regular"],
                "text-size": 11,
            },
            "paint": {"text-color": "#5f7d8f", "text-halo-color": "#0b0f14", "text-halo-width": 1.2},
        },
    ),
)
