"""The table of what is known of premises."""

from sqlalchemy import Column, Computed, DateTime, Table, Text, func

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

premises_note = Table(
    "premises_note",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("address", Text),
    Column("address_key", Text, Computed("address_key(address)", persisted=True)),  # what the same address is found by
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("made_by", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    geom_column("POINT"),
    area_column(),
)
