"""The layer of places, as everyone outside the room sees it."""

from layers.layer import Layer
from layers.places.look import LEGEND, LOOK
from layers.places.table import place
from layers.values import Title

LAYER = Layer(
    name="places",
    title=Title(kk="Қызмет орындары", ru="Объекты служб", en="Places"),
    about=Title(
        kk="Полиция, өрт сөндіру, аурухана, мектеп, гидрант.",
        ru="Полиция, пожарные части, больницы, школы, гидранты.",
        en="Police, fire, hospitals, schools and hydrants.",
    ),
    rows=place,
    fields=("osm_id", "kind", "name", "name_kk", "name_ru", "name_en", "phone"),
    look=LOOK,
    legend=LEGEND,
    ground=True,
)
