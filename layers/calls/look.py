"""How calls look on the map: a telephone where the caller is, in the circle that holds them."""

from typing import Any

from layers.layer import DeckLook, LegendEntry, Plain, deck_layer
from layers.values import Title

LEGEND = (
    LegendEntry(
        colour="#ffd166", shape="pin", title=Title(kk="Қоңырау шалынуда", ru="Вызов поступает", en="Call ringing")
    ),
    LegendEntry(
        colour="#8fd3ff", shape="pin", title=Title(kk="Қоңырау қабылданды", ru="Вызов принят", en="Call answered")
    ),
    LegendEntry(
        colour="#b8a9d9",
        shape="pin",
        title=Title(
            kk="Қоңырау аяқталды, шешім жоқ", ru="Вызов окончен, решения нет", en="Call ended, not yet decided"
        ),
    ),
    LegendEntry(
        colour="#8fd3ff",
        shape="ring",
        title=Title(
            kk="Қоңырау шалушы осы шеңберде", ru="Звонящий в этом круге", en="The caller is within this circle"
        ),
    ),
)


# One that ended is drawn while nobody said what became of it
_ROWS = {"ringing": "state=ringing", "answered": "state=answered", "ended": "state=ended&outcome=null"}


def _circle(state: str, colour: tuple[int, int, int]) -> dict[str, Any]:
    """The circle on the ground that the telephone's error is told to be."""
    return deck_layer(
        "ScatterplotLayer",
        id=f"calls-circle-{state}",
        data=Plain(f"live://calls?{_ROWS[state]}"),
        get_position="geometry.coordinates",
        get_radius="properties.radius_m",
        radius_units=Plain("meters"),
        stroked=True,
        filled=True,
        get_fill_color=[*colour, 28],
        get_line_color=[*colour, 190],
        line_width_units=Plain("pixels"),
        get_line_width=1.5,
    )


def _telephone(state: str) -> dict[str, Any]:
    return deck_layer(
        "IconLayer",
        id=f"calls-{state}",
        data=Plain(f"live://calls?{_ROWS[state]}"),
        get_position="geometry.coordinates",
        icon_atlas=Plain("symbols://"),
        get_icon=Plain(f"call-{state}"),
        get_size=34,
        pickable=True,
    )


LOOK = DeckLook(
    deck=(
        _circle("ended", (184, 169, 217)),
        _circle("ringing", (255, 209, 102)),
        _circle("answered", (143, 211, 255)),
        _telephone("ended"),
        _telephone("answered"),
        _telephone("ringing"),
    )
)
