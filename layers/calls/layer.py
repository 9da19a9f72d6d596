"""The layer of calls, as everyone outside the room sees it."""

from sqlalchemy import or_

from layers.calls.look import LEGEND, LOOK
from layers.calls.rules import State
from layers.calls.table import call
from layers.layer import Layer
from layers.values import Role, Title

LAYER = Layer(
    name="calls",
    title=Title(kk="112 қоңыраулары", ru="Вызовы 112", en="112 calls"),
    about=Title(
        kk="112 қоңыраулары: қоңырау шалушы қай жерде және қандай дәлдікпен; орны белгісіздері картада жоқ.",
        ru="Вызовы 112: где звонящий и с какой точностью; без места на карте их нет.",
        en="Calls to 112: where the caller is and how surely; those without a place are not on the map.",
    ),
    rows=call,
    fields=(
        "line",
        "state",
        "outcome",
        "rang_at",
        "answered_at",
        "answered_by",
        "ended_at",
        "incident_id",
        "category",
        "placed_by",
        "radius_m",
        "confidence_pct",
        "outside",
    ),
    look=LOOK,
    legend=LEGEND,
    time="rang_at",
    live="rows",
    of_incident="incident_id",
    also_areas="read_by",
    current=or_(call.c.state != State.ENDED.value, call.c.outcome.is_(None)),  # one hung up on has still to be placed
    seen_by=frozenset({Role.DISPATCHER, Role.COMMANDER}),  # where somebody telephones from is theirs alone
)
