"""How dispatches look on the map: the route as it was at dispatch, dotted while it is driven."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (
    LegendEntry(
        colour="#7cc4ff",
        shape="dots",
        title=Title(kk="Жіберілген жасақтың жолы", ru="Маршрут направленного наряда", en="Route of a dispatched unit"),
    ),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "PathLayer",
            id="dispatches-route",
            data=Plain("live://dispatches?status=dispatched,acknowledged,enroute"),
            get_path="geometry.coordinates",
            get_color=[124, 196, 255, 190],
            width_units=Plain("pixels"),
            get_width=3,
            cap_rounded=True,
            get_dash_array=[0.2, 2.2],
            dash_justified=True,
            extensions=[{"@@type": "PathStyleExtension", "dash": True}],
            pickable=True,
        ),
    )
)
