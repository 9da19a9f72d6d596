"""The table of an incident's clocks: what was asked, when it ran, whether its breach was told."""

from sqlalchemy import BigInteger, Column, DateTime, Double, ForeignKey, Table, Text

from layers.database import metadata
from layers.geometry import id_column

incident_clock = Table(
    "incident_clock",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("clock", Text, nullable=False),
    Column("service", Text),
    Column("target_s", Double, nullable=False),
    Column("warn_share", Double, nullable=False),
    Column("asked_at", DateTime(timezone=True)),
    Column("began_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("told_at", DateTime(timezone=True)),
)
