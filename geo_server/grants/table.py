"""The table of grants."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text, func

from layers.database import metadata
from layers.geometry import id_column

area_grant = Table(
    "area_grant",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),  # who gives
    Column("to_area_id", BigInteger, ForeignKey("area.id"), nullable=False),  # who is given it
    Column("incident_id", BigInteger, ForeignKey("incident.id")),
    Column("reason", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", Text),
)
