"""The layer of buildings, as everyone outside the room sees it."""

from layers.buildings.look import LEGEND, LOOK
from layers.buildings.table import building
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="buildings",
    title=Title(kk="Ғимараттар", ru="Здания", en="Buildings"),
    about=Title(
        kk="Биіктігі немесе қабаты бар ғимараттар.",
        ru="Здания с высотой или этажностью.",
        en="Buildings with height or levels.",
    ),
    rows=building,
    fields=("osm_id", "kind", "name", "name_kk", "name_ru", "name_en", "height_m", "levels"),
    look=LOOK,
    legend=LEGEND,
    ground=True,
)
