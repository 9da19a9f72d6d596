"""The layer of roads, as everyone outside the room sees it."""

from layers.layer import Layer
from layers.roads.look import LEGEND, LOOK
from layers.roads.table import road
from layers.values import Title

LAYER = Layer(
    name="roads",
    title=Title(kk="Жолдар", ru="Дороги", en="Roads"),
    about=Title(
        kk="Қиылыстар арасындағы жол бөліктері, бағыты мен жылдамдығы.",
        ru="Отрезки дорог между перекрёстками, направление и скорость.",
        en="Segments between junctions, with direction and speed.",
    ),
    rows=road,
    fields=(
        "osm_id",
        "class",
        "name",
        "name_kk",
        "name_ru",
        "name_en",
        "forward",
        "backward",
        "speed_kmh",
        "length_m",
    ),
    look=LOOK,
    legend=LEGEND,
    ground=True,
)
