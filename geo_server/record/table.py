"""The table of incidents that another centre's system handed over."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata

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
