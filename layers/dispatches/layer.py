"""The layer of dispatches, as everyone outside the room sees it."""

from layers.dispatches.look import LEGEND, LOOK
from layers.dispatches.rules import ENDED
from layers.dispatches.table import dispatch
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="dispatches",
    title=Title(kk="Жіберулер", ru="Направления", en="Dispatches"),
    about=Title(
        kk="Оқыс оқиғаға жіберілген жасақтар мен олардың жолы.",
        ru="Наряды, направленные на происшествие, и их маршрут.",
        en="Units sent to incidents, and their routes.",
    ),
    rows=dispatch,
    fields=(
        "incident_id",
        "unit_id",
        "status",
        "dispatched_at",
        "dispatched_by",
        "status_at",
        "eta_at",
        "route_s",
        "route_m",
        "straight",
        "routed_at",
        "silent_since",
    ),
    look=LOOK,
    legend=LEGEND,
    time="dispatched_at",
    live="rows",
    of_incident="incident_id",
    current=dispatch.c.status.not_in(sorted(status.value for status in ENDED)),
)
