"""The layer of premises, as everyone outside the room sees it."""

from layers.layer import Layer
from layers.premises.look import LEGEND, LOOK
from layers.premises.rows import ROWS
from layers.values import Title

LAYER = Layer(
    name="premises",
    title=Title(kk="Нысандар туралы мәлімет", ru="Сведения об объектах", en="Premises"),
    about=Title(
        kk="Жіберілген жасақ білуі тиіс қауіптер мен ескертпелер.",
        ru="Опасности и заметки, о которых должен знать направленный наряд.",
        en="Hazards and notes that whoever is sent there should know of.",
    ),
    rows=ROWS,
    fields=("kind", "text", "address", "made_at", "until", "state"),
    look=LOOK,
    legend=LEGEND,
    time="made_at",
    live="rows",
    current=ROWS.c.state == "standing",
)
