"""The table of every position, partitioned by UTC day."""

from sqlalchemy import REAL, BigInteger, Column, DateTime, Table

from layers.database import metadata
from layers.geometry import geom_column

track = Table(
    "track",
    metadata,
    Column("unit_id", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("speed_kmh", REAL, nullable=False),
    Column("heading_deg", REAL, nullable=False),
    geom_column("POINT"),
    Column("area_id", BigInteger, nullable=False),
    postgresql_partition_by="RANGE (at)",
)
