"""The layer of cameras, as everyone outside the room sees it."""

from layers.cameras.look import LEGEND, LOOK
from layers.cameras.table import camera
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="cameras",
    title=Title(kk="Бейнекамералар", ru="Видеокамеры", en="Cameras"),
    about=Title(
        kk="Камера қайда тұр, қалай қарайды, кадр бере ме.",
        ru="Где стоит камера, куда смотрит и даёт ли кадр.",
        en="Where each camera stands, how it looks, whether it delivers.",
    ),
    rows=camera,
    fields=(
        "code",
        "name_kk",
        "name_ru",
        "name_en",
        "kind",
        "enabled",
        "height_m",
        "heading_deg",
        "tilt_deg",
        "hfov_deg",
        "preset",
        "moving",
        "state",
        "state_at",
        "state_reason",
        "last_frame_at",
        "fps",
    ),
    look=LOOK,
    legend=LEGEND,
    live="rows",
)
