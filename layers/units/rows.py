"""A unit as its layer shows it: who, how it stands, and its latest position."""

from sqlalchemy import case, func, select

from layers.units.table import unit, unit_position

ROWS = (
    select(
        unit.c.id,
        unit.c.call_sign,
        unit.c.service,
        unit.c.kind,
        unit.c.crew,
        unit.c.duty,
        func.coalesce(unit.c.task, case((unit.c.duty == "on", "free"), else_=unit.c.duty)).label("status"),
        unit_position.c.at,
        unit_position.c.speed_kmh,
        unit_position.c.heading_deg,
        func.ST_SetSRID(func.ST_MakePoint(unit_position.c.lon, unit_position.c.lat), 4326).label("geom"),
        unit_position.c.area_id,
    )
    .select_from(unit)
    .join(unit_position, unit_position.c.unit_id == unit.c.id)
    .where(unit.c.retired_at.is_(None))
    .subquery("units")
)
