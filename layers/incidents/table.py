"""The tables of incidents and of their timelines."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Sequence, SmallInteger, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

incident = Table(
    "incident",
    metadata,
    id_column(),
    Column("number", Text, nullable=False, unique=True),
    Column("category", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("opened_by", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("address", Text),
    Column("caller_name", Text),
    Column("caller_phone", Text),
    Column("held_by_area_id", BigInteger, ForeignKey("area.id")),
    Column("escalated_to_area_id", BigInteger, ForeignKey("area.id")),
    geom_column("POINT"),
    area_column(),
)

incident_number = Sequence("incident_number", metadata=metadata)

incident_entry = Table(
    "incident_entry",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("kind", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("details", JSONB, nullable=False, server_default="{}"),
)
