"""The layer of landcover, as everyone outside the room sees it."""

from layers.landcover.look import LEGEND, LOOK
from layers.landcover.table import landcover
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="landcover",
    title=Title(kk="Жер жамылғысы", ru="Покров местности", en="Land cover"),
    about=Title(
        kk="Су, жасыл аймақ және жер пайдалану.",
        ru="Вода, зелень и землепользование.",
        en="Water, green and land use.",
    ),
    rows=landcover,
    fields=("osm_id", "kind", "name", "name_kk", "name_ru", "name_en"),
    look=LOOK,
    legend=LEGEND,
    ground=True,
)
