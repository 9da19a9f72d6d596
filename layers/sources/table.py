"""The table of sources."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, func

from layers.database import metadata
from layers.geometry import id_column

source = Table(
    "source",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("key_sha256", LargeBinary, nullable=False, unique=True),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default="true"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
