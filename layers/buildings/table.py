"""The table of buildings."""

from sqlalchemy import REAL, BigInteger, Column, Table, Text

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

building = Table(
    "building",
    metadata,
    id_column(),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("name_kk", Text),
    Column("name_ru", Text),
    Column("name_en", Text),
    Column("height_m", REAL),
    Column("levels", REAL),
    geom_column("MULTIPOLYGON"),
    area_column(),
)
