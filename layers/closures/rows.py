"""A closure as its layer shows it: its shape, why, from when until when, and whether it holds now."""

from sqlalchemy import case, func, or_, select

from layers.closures.table import closure

_c = closure.c
STATE = case(
    (or_(_c.ended_at.is_not(None), _c.ends_at <= func.now()), "ended"),
    (_c.begins_at > func.now(), "planned"),
    else_="in_force",
)
ROWS = select(_c.id, _c.kind, _c.reason, _c.begins_at, _c.ends_at, STATE.label("state"), _c.geom, _c.area_id).subquery(
    "closures"
)
