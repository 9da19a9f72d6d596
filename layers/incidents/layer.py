"""The layer of incidents, as everyone outside the room sees it."""

from layers.incidents.look import LEGEND, LOOK
from layers.incidents.rules import ENDED
from layers.incidents.table import incident
from layers.layer import Layer
from layers.values import Title

LAYER = Layer(
    name="incidents",
    title=Title(kk="Оқыс оқиғалар", ru="Происшествия", en="Incidents"),
    about=Title(
        kk="Қызметтер жіберілетін оқыс оқиғалар.",
        ru="Происшествия, на которые направляют службы.",
        en="What the services are sent to.",
    ),
    rows=incident,
    fields=("number", "category", "priority", "state", "opened_at", "closed_at", "address"),
    look=LOOK,
    legend=LEGEND,
    time="opened_at",
    live="rows",
    of_incident="id",
    current=incident.c.state.not_in(sorted(state.value for state in ENDED)),
)
