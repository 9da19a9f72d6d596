"""The layer of closures, as everyone outside the room sees it."""

from layers.closures.look import LEGEND, LOOK
from layers.closures.rows import ROWS
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="closures",
    title=Title(kk="Жабық жолдар", ru="Перекрытия", en="Closures"),
    about=Title(
        kk="Сызылған жабу аймақтары: мерзімі мен себебі; маршруттар оларды айналып өтеді.",
        ru="Нарисованные перекрытия: срок и причина; маршруты их объезжают.",
        en="Closures drawn on the map, from when until when and why; routes go round them.",
    ),
    rows=ROWS,
    fields=("kind", "reason", "begins_at", "ends_at", "state"),
    look=LOOK,
    legend=LEGEND,
    time="begins_at",
    live="rows",
    current=ROWS.c.state != "ended",
    ground=True,  # a road that is closed is closed to everybody who drives there
)
