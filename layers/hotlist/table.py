"""The table of what is looked for."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text, func

from layers.database import metadata
from layers.geometry import id_column

hotlist_entry = Table(
    "hotlist_entry",
    metadata,
    id_column(),
    Column("plate", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("created_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)
