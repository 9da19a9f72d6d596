"""How dispatches look on the map."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (
    LegendEntry(
        colour="#7cc4ff",
        shape="line",
        title=Title(kk="Жіберілген жасақтың жолы", ru="Маршрут направленного наряда", en="Route of a dispatched unit"),
    ),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "PathLayer",
            id="dispatches-route",
            data=Plain("live://dispatches"),
            get_path="geometry.coordinates",
            get_color=[124, 196, 255, 160],
            width_units=Plain("pixels"),
            get_width=3,
            pickable=True,
        ),
    )
)
