"""The layer of tracks, as everyone outside the room sees it."""

from layers.layer import Layer
from layers.tracks.look import LEGEND, LOOK
from layers.tracks.rows import ROWS
from layers.values import Title

LAYER = Layer(
    name="tracks",
    title=Title(kk="Жүрген жолдар", ru="Треки", en="Tracks"),
    about=Title(
        kk="Жасақтардың соңғы 30 минуттағы жолы.",
        ru="Путь нарядов за последние 30 минут.",
        en="Where units drove in the last 30 minutes.",
    ),
    rows=ROWS,
    fields=("call_sign", "service", "from_at", "at", "fixes"),
    look=LOOK,
    legend=LEGEND,
    time="at",
    of_unit="id",
    shown_at_start=False,
)
