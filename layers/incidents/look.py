"""How incidents look on the map."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

_BY_PRIORITY = (
    "properties.priority == 1 ? [255, 77, 79] : properties.priority == 2 ? [230, 159, 0]"
    " : properties.priority == 3 ? [86, 180, 233] : [154, 164, 178]"
)

LEGEND = (
    LegendEntry(colour="#ff4d4f", shape="circle", title=Title(kk="1-басымдық", ru="Приоритет 1", en="Priority 1")),
    LegendEntry(colour="#e69f00", shape="circle", title=Title(kk="2-басымдық", ru="Приоритет 2", en="Priority 2")),
    LegendEntry(colour="#56b4e9", shape="circle", title=Title(kk="3-басымдық", ru="Приоритет 3", en="Priority 3")),
    LegendEntry(colour="#9aa4b2", shape="circle", title=Title(kk="4-басымдық", ru="Приоритет 4", en="Priority 4")),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "ScatterplotLayer",
            id="incidents-spot",
            data=Plain("live://incidents"),
            get_position="geometry.coordinates",
            radius_units=Plain("pixels"),
            get_radius=11,
            stroked=True,
            line_width_units=Plain("pixels"),
            get_line_width=2,
            get_fill_color=_BY_PRIORITY,
            get_line_color=[255, 255, 255],
            pickable=True,
        ),
        deck_layer(
            "TextLayer",
            id="incidents-number",
            data=Plain("live://incidents"),
            get_position="geometry.coordinates",
            get_text="properties.priority == 1 ? '1' : properties.priority == 2 ? '2' : properties.priority == 3 ? '3' : '4'",
            get_size=13,
            get_color=[11, 15, 20],
            font_family=Plain("Noto Sans"),
            font_weight=700,
        ),
    )
)
