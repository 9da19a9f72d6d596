"""The table of gaps."""

from sqlalchemy import ARRAY, REAL, BigInteger, Column, ForeignKey, Integer, SmallInteger, Table, Text

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
    Column("accidents", Integer, nullable=False, server_default="0"),
    Column("places", Integer, nullable=False),
    Column("schools", Integer, nullable=False),
    Column("addresses", Integer, nullable=False),
    Column("weight", REAL, nullable=False),  # its worth, and all it has to expect
    Column("worth", REAL, nullable=False, server_default="0"),
    Column("crowds", ARRAY(Text), nullable=False, server_default="{}"),  # kinds of data/crowded_places.json
    Column("categories", ARRAY(Text), nullable=False, server_default="{}"),  # what it has to expect, by category and
    Column("hours", ARRAY(SmallInteger), nullable=False, server_default="{}"),  # hour of day: as long as each other
    Column("expected", ARRAY(REAL), nullable=False, server_default="{}"),
    geom_column("POLYGON"),
    area_column(),
)
