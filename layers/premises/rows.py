"""What of premises its layer shows: hazards and notes; where keys lie and whom to call is read on the card alone."""

from sqlalchemy import case, func, or_, select

from layers.premises.table import premises_note

_c = premises_note.c
STATE = case((or_(_c.ended_at.is_not(None), _c.until <= func.now()), "ended"), else_="standing")
_SHOWN = (_c.id, _c.kind, _c.text, _c.address, _c.made_at, _c.until, STATE.label("state"), _c.geom, _c.area_id)
ROWS = select(*_SHOWN).where(_c.kind.in_(("hazard", "note"))).subquery("premises")
