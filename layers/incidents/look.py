"""How incidents look on the map: shape, number and colour all say the priority."""

from layers.incidents.rules import ENDED
from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

_BY_PRIORITY = (
    "properties.priority == 1 ? 'incident-1' : properties.priority == 2 ? 'incident-2'"
    " : properties.priority == 3 ? 'incident-3' : 'incident-4'"
)

_ENDED = ",".join(sorted(state.value for state in ENDED))
LEGEND = (
    LegendEntry(colour="#ff4d4f", shape="diamond", title=Title(kk="1-басымдық", ru="Приоритет 1", en="Priority 1")),
    LegendEntry(colour="#e69f00", shape="square", title=Title(kk="2-басымдық", ru="Приоритет 2", en="Priority 2")),
    LegendEntry(colour="#56b4e9", shape="circle", title=Title(kk="3-басымдық", ru="Приоритет 3", en="Priority 3")),
    LegendEntry(colour="#9aa4b2", shape="circle", title=Title(kk="4-басымдық", ru="Приоритет 4", en="Priority 4")),
)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "IconLayer",
            id="incidents-badge",
            data=Plain(f"live://incidents?state!={_ENDED}"),
            get_position="geometry.coordinates",
            icon_atlas=Plain("symbols://"),
            get_icon=_BY_PRIORITY,
            get_size=30,
            pickable=True,
        ),
    )
)
