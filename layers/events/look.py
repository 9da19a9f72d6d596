"""How events look on the map."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (
    LegendEntry(colour="#f5d90a", shape="diamond", title=Title(kk="Жаңа оқиға", ru="Новое событие", en="New event")),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "ScatterplotLayer",
            id="events-spot",
            data=Plain("live://events"),
            get_position="geometry.coordinates",
            radius_units=Plain("pixels"),
            get_radius=7,
            stroked=True,
            line_width_units=Plain("pixels"),
            get_line_width=2,
            get_fill_color=[245, 217, 10, 60],
            get_line_color=[245, 217, 10],
            pickable=True,
        ),
    )
)
