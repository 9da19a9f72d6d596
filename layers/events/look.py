"""How events look on the map: a pin on the place, with what saw it."""

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (LegendEntry(colour="#f6f1e3", shape="pin", title=Title(kk="Жаңа оқиға", ru="Новое событие", en="New event")),)
LOOK = DeckLook(
    deck=(
        deck_layer(
            "IconLayer",
            id="events-pin",
            data=Plain("live://events?state=new"),
            get_position="geometry.coordinates",
            icon_atlas=Plain("symbols://"),
            get_icon="properties.camera_id ? 'event-camera' : 'event-sensor'",
            get_size=34,
            pickable=True,
        ),
    )
)
