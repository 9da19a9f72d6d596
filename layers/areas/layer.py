"""The layer of areas, as everyone outside the room sees it."""

from layers.areas.look import LEGEND, LOOK
from layers.areas.table import area
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="areas",
    title=Title(kk="Аумақтар", ru="Территории", en="Areas"),
    about=Title(
        kk="Республика, облыстар, қалалар мен аудандар.",
        ru="Республика, области, города и районы.",
        en="Republic, oblasts, cities and districts.",
    ),
    rows=area,
    fields=("parent_id", "level", "code", "name_kk", "name_ru", "name_en", "approximate"),
    look=LOOK,
    legend=LEGEND,
    ground=True,
    current=area.c.closed_at.is_(None),  # a border that is no more is history
)
