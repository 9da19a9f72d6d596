"""The layer of panics, as everyone outside the room sees it."""

from layers.layer import Layer
from layers.panics.look import LEGEND, LOOK
from layers.panics.rows import ROWS
from layers.values import Title

LAYER = Layer(
    name="panics",
    title=Title(kk="Дабыл", ru="Тревога экипажа", en="Panics"),
    about=Title(
        kk="Қауіпте тұрған экипаж: біреу қабылдағанша басылмайды.",
        ru="Экипаж в опасности: не умолкает, пока кто-нибудь не примет.",
        en="A crew in danger: loud until somebody acknowledges it.",
    ),
    rows=ROWS,
    fields=(
        "unit_id",
        "call_sign",
        "service",
        "state",
        "raised_at",
        "received_at",
        "raised_by",
        "repeats",
        "acknowledged_at",
        "acknowledged_by",
        "ended_at",
    ),
    look=LOOK,
    legend=LEGEND,
    time="raised_at",
    live="rows",
    current=ROWS.c.state != "ended",
    of_unit="unit_id",
)
