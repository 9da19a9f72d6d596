"""The table of imported cities."""

from sqlalchemy import Column, DateTime, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import geom_column, id_column

city = Table(
    "city",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("report", JSONB, nullable=False),
    geom_column("POLYGON"),
)
