"""The layer of coverage, as everyone outside the room sees it."""

from layers.coverage.look import LEGEND, LOOK
from layers.coverage.table import coverage
from layers.layer import Layer
from layers.values import Role, Title

LAYER = Layer(
    name="coverage",
    title=Title(kk="Камералар шолуы", ru="Охват камерами", en="Coverage"),
    about=Title(
        kk="Камералар көретін жер: мақсаты бойынша, бір не бірнеше камерамен.",
        ru="Земля, которую видят камеры: по назначению, одной или несколькими.",
        en="The ground that cameras see, by purpose, with one camera or more.",
    ),
    rows=coverage,
    fields=("purpose", "cameras"),
    look=LOOK,
    legend=LEGEND,
    seen_by=frozenset({Role.PLANNER, Role.COMMANDER, Role.ADMINISTRATOR}),
    shown_at_start=False,
)
