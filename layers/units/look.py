"""How units look on the map."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (
    LegendEntry(colour="#6ea8fe", shape="arrow", title=Title(kk="Полиция", ru="Полиция", en="Police")),
    LegendEntry(colour="#f2f5f9", shape="arrow", title=Title(kk="Жедел жәрдем", ru="Скорая помощь", en="Ambulance")),
    LegendEntry(
        colour="#ff8f6b", shape="arrow", title=Title(kk="Өртке қарсы қызмет", ru="Пожарные", en="Fire service")
    ),
    LegendEntry(colour="#f0c94d", shape="arrow", title=Title(kk="Құтқару қызметі", ru="Спасатели", en="Rescue")),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "ScatterplotLayer",
            id="units-spot",
            data=Plain("live://units"),
            radius_units=Plain("pixels"),
            get_radius=5,
            pickable=True,
        ),
    )
)
