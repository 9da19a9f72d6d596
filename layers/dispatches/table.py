"""The tables of dispatches and of each step they took."""

from sqlalchemy import REAL, BigInteger, Boolean, Column, DateTime, ForeignKey, Table, Text, UniqueConstraint, func

from layers.database import metadata
from layers.geometry import geom_column, id_column

dispatch = Table(
    "dispatch",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("status", Text, nullable=False, server_default="dispatched"),
    Column("dispatched_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("dispatched_by", Text, nullable=False),
    Column("status_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("eta_at", DateTime(timezone=True)),
    Column("route_s", REAL),
    Column("route_m", REAL),
    Column("straight", Boolean, nullable=False, server_default="false"),
    geom_column("LINESTRING"),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
)

dispatch_entry = Table(
    "dispatch_entry",
    metadata,
    id_column(),
    Column("dispatch_id", BigInteger, ForeignKey("dispatch.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("means", Text, nullable=False),
    Column("reason", Text),
    Column("client_event_id", Text),
    UniqueConstraint("dispatch_id", "client_event_id"),
)
