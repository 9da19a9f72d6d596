"""The table of gaps."""

from sqlalchemy import REAL, BigInteger, Column, ForeignKey, Integer, Table, Text

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

gap = Table(
    "gap",
    metadata,
    id_column(),
    Column("tile_id", BigInteger, ForeignKey("coverage_tile.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("ground_m2", REAL, nullable=False),
    Column("streets_m", REAL, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    Column("schools", Integer, nullable=False),
    Column("addresses", Integer, nullable=False),
    Column("weight", REAL, nullable=False),
    geom_column("POLYGON"),
    area_column(),
)
