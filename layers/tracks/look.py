"""How tracks look on the map."""

from layers.layer import LegendEntry, TileLook
from layers.values import Title

LEGEND = (
    LegendEntry(
        colour="#4f6f8f", shape="line", title=Title(kk="Соңғы 30 минут", ru="Последние 30 минут", en="Last 30 minutes")
    ),
)
LOOK = TileLook(
    min_zoom=11,
    tile_fields=("call_sign", "service"),
    style=(
        {
            "id": "tracks-line",
            "type": "line",
            "paint": {"line-color": "#4f6f8f", "line-width": 1.5, "line-opacity": 0.7},
        },
    ),
)
