"""The table of what became of each camera's entry, written by triggers alone (migration 0048)."""

from sqlalchemy import BigInteger, Column, DateTime, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, id_column

camera_change = Table(
    "camera_change",
    metadata,
    id_column(),
    Column("camera_id", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    area_column(),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("changed", JSONB, nullable=False),
)
