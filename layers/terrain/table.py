"""The table of terrain: grids of heights, cut small, and the file that each came in."""

from sqlalchemy import Column, Double, Integer, LargeBinary, Table, Text

from layers.database import metadata
from layers.geometry import geom_column, id_column

terrain = Table(
    "terrain",
    metadata,
    id_column(),
    Column("file", Text, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("step_lon", Double, nullable=False),
    Column("step_lat", Double, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("heights", LargeBinary, nullable=False),
    geom_column("POLYGON"),
)
