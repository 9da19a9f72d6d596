"""The layer of events, as everyone outside the room sees it."""

from layers.events.look import LEGEND, LOOK
from layers.events.table import event
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="events",
    title=Title(kk="Оқиғалар", ru="События", en="Events"),
    about=Title(
        kk="Детекторлар мен сыртқы жүйелер байқаған оқиғалар.",
        ru="Что заметили детекторы и внешние системы.",
        en="What detectors and outside systems noticed.",
    ),
    rows=event,
    fields=(
        "kind",
        "source",
        "camera_id",
        "incident_id",
        "at",
        "received_at",
        "certainty",
        "state",
        "placed_by",
        "ellipse_major_m",
        "ellipse_minor_m",
        "ellipse_bearing_deg",
    ),
    look=LOOK,
    legend=LEGEND,
    time="at",
    live="rows",
    of_incident="incident_id",
    current=event.c.state == "new",
)
