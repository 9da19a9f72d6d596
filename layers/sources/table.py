"""The tables of sources and of their keys."""

from sqlalchemy import REAL, BigInteger, Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, func

from layers.database import metadata
from layers.geometry import id_column

source = Table(
    "source",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default="true"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("rate_per_s", REAL, nullable=False, server_default="2000"),
    Column("rows_per_s", REAL, nullable=False, server_default="50000"),
)
source_key = Table(
    "source_key",
    metadata,
    id_column(),
    Column("source_id", BigInteger, ForeignKey("source.id"), nullable=False),
    Column("key_sha256", LargeBinary, nullable=False, unique=True),  # the key itself is only in the machine
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("created_by", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
)
