"""The layer of gaps, as everyone outside the room sees it."""

from layers.gaps.look import LEGEND, LOOK
from layers.gaps.table import gap
from layers.layer import Layer
from layers.values import Role, Title

LAYER = Layer(
    name="gaps",
    title=Title(kk="Көрінбейтін жерлер", ru="Участки без обзора", en="Gaps"),
    about=Title(
        kk="Ешбір камера көрмейтін жер: мақсаты бойынша, ішінде не бар.",
        ru="Земля, которую не видит ни одна камера: по назначению и с тем, что там есть.",
        en="The ground that no camera sees, by purpose, with what is in it.",
    ),
    rows=gap,
    fields=("purpose", "ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses", "weight"),
    look=LOOK,
    legend=LEGEND,
    seen_by=frozenset({Role.PLANNER, Role.COMMANDER, Role.ADMINISTRATOR}),
    shown_at_start=False,
)
