"""A panic as its layer shows it: whose it is, where it was raised, and whether it is still loud.

One whose place nobody knows is on no map; the list of panics tells it.
"""

from sqlalchemy import case, select

from layers.panics.table import panic

_p = panic.c
STATE = case(
    (_p.ended_at.is_not(None), "ended"),
    (_p.acknowledged_at.is_not(None), "acknowledged"),
    else_="loud",
)
ROWS = select(panic, STATE.label("state")).where(_p.geom.is_not(None)).subquery("panics")
