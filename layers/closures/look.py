"""How closures look on the map: red while they hold, amber before they begin."""

from typing import Any

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (
    LegendEntry(colour="#ff5d5d", shape="area", title=Title(kk="Жол жабық", ru="Перекрыто", en="Closed")),
    LegendEntry(
        colour="#f0b44d",
        shape="area",
        title=Title(kk="Жабу жоспарланған", ru="Перекрытие запланировано", en="To close"),
    ),
)


def _drawn(state: str, colour: tuple[int, int, int]) -> dict[str, Any]:
    return deck_layer(
        "GeoJsonLayer",
        id=f"closures-{state.replace('_', '-')}",
        data=Plain(f"live://closures?state={state}"),
        stroked=True,
        filled=True,
        get_fill_color=[*colour, 46],
        get_line_color=[*colour, 220],
        line_width_units=Plain("pixels"),
        get_line_width=4,
        line_cap_rounded=True,
        pickable=True,
    )


LOOK = DeckLook(deck=(_drawn("planned", (240, 180, 77)), _drawn("in_force", (255, 93, 93))))
