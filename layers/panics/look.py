"""How panics look on the map: nothing else is as large or as red; acknowledged ones keep their ring."""

from typing import Any

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

RED = [255, 45, 45]
LEGEND = (
    LegendEntry(
        colour="#ff2d2d",
        shape="circle",
        title=Title(kk="Дабыл, қабылданбаған", ru="Тревога, никто не принял", en="Panic, nobody has acknowledged"),
    ),
    LegendEntry(
        colour="#ff2d2d",
        shape="ring",
        title=Title(kk="Дабыл, қабылданған", ru="Тревога, принята", en="Panic, acknowledged"),
    ),
)


def _ring(state: str, name: str, *, radius_px: int, width_px: int, fill: int) -> dict[str, Any]:
    return deck_layer(
        "ScatterplotLayer",
        id=f"panics-{name}",
        data=Plain(f"live://panics?state={state}"),
        get_position="geometry.coordinates",
        get_radius=radius_px,
        radius_units=Plain("pixels"),
        filled=True,
        stroked=True,
        get_fill_color=[*RED, fill],
        get_line_color=[*RED, 255],
        line_width_units=Plain("pixels"),
        get_line_width=width_px,
        pickable=True,
    )


LOOK = DeckLook(
    deck=(
        _ring("loud", "far", radius_px=64, width_px=2, fill=40),
        _ring("loud", "near", radius_px=34, width_px=6, fill=90),
        _ring("acknowledged", "known", radius_px=26, width_px=4, fill=20),
    )
)
