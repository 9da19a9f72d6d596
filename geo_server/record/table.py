"""The tables of incidents that another centre's system handed over."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import id_column

incident_import = Table(
    "incident_import",
    metadata,
    Column("incident_id", BigInteger, ForeignKey("incident.id"), primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("sender", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("taken_by", Text, nullable=False),
)

incident_import_later = Table(
    "incident_import_later",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident_import.incident_id"), nullable=False),
    Column("document", JSONB, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("taken_by", Text, nullable=False),
    UniqueConstraint("incident_id", "sha256"),
)
