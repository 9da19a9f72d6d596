"""The tables of versions, regimes and ticks."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import id_column

plan_version = Table(
    "plan_version",
    metadata,
    id_column(),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("made_by", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("from_files", Boolean, nullable=False, server_default="false"),
    Column("content", JSONB, nullable=False),
    Column("sha256", Text, nullable=False),
)

regime = Table(
    "regime",
    metadata,
    id_column(),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("set_by", Text, nullable=False),
)

checklist_tick = Table(
    "checklist_tick",
    metadata,
    Column("incident_id", BigInteger, ForeignKey("incident.id"), primary_key=True),
    Column("item", Text, primary_key=True),  # checklist.step
    Column("done", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
)
