"""How premises look on the map: a hazard loud, a note quiet."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

_COLOUR = "properties.kind == 'hazard' ? [255, 93, 93, 235] : [240, 180, 77, 220]"
LEGEND = (
    LegendEntry(colour="#ff5d5d", shape="ring", title=Title(kk="Қауіп", ru="Опасность", en="Hazard")),
    LegendEntry(colour="#f0b44d", shape="ring", title=Title(kk="Ескертпе", ru="Заметка", en="Note")),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "ScatterplotLayer",
            id="premises-ring",
            data=Plain("live://premises?state=standing"),
            get_position="geometry.coordinates",
            stroked=True,
            filled=False,
            get_line_color=_COLOUR,
            radius_units=Plain("pixels"),
            get_radius="properties.kind == 'hazard' ? 11 : 8",
            line_width_units=Plain("pixels"),
            get_line_width=3,
            pickable=True,
        ),
    )
)
