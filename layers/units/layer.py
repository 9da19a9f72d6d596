"""The layer of units, as everyone outside the room sees it."""

from layers.layer import Layer
from layers.units.look import LEGEND, LOOK
from layers.units.rows import ROWS
from layers.values import Title

LAYER = Layer(
    name="units",
    title=Title(kk="Жасақтар", ru="Наряды", en="Units"),
    about=Title(
        kk="Жасақтар қазір қайда және немен айналысуда.",
        ru="Где сейчас наряды и чем заняты.",
        en="Where crews are now, and what they do.",
    ),
    rows=ROWS,
    fields=("call_sign", "service", "kind", "crew", "duty", "status", "at", "speed_kmh", "heading_deg"),
    look=LOOK,
    legend=LEGEND,
    time="at",
    of_unit="id",
    live="positions",
)
