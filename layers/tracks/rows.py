"""Tracks as their layer shows them: one line a unit, over the last half hour."""

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from layers.tracks.table import track
from layers.units.table import unit

SPAN = timedelta(minutes=30)

_recent = (
    select(
        func.ST_MakeLine(aggregate_order_by(track.c.geom, track.c.at)).label("geom"),
        func.min(track.c.at).label("from_at"),
        func.max(track.c.at).label("at"),
        func.count().label("fixes"),
        func.array_agg(aggregate_order_by(track.c.area_id, track.c.at.desc()))[1].label("area_id"),
    )
    .where(track.c.unit_id == unit.c.id, track.c.at > func.now() - SPAN)
    .having(func.count() > 1)
    .lateral("recent")
)

ROWS = (
    select(
        unit.c.id,
        unit.c.call_sign,
        unit.c.service,
        _recent.c.from_at,
        _recent.c.at,
        _recent.c.fixes,
        _recent.c.geom,
        _recent.c.area_id,
    )
    .select_from(unit)
    .join(_recent, text("true"))
    .where(unit.c.retired_at.is_(None))
    .subquery("tracks")
)
