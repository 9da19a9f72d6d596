"""The table of places."""

from sqlalchemy import BigInteger, Column, Table, Text

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

place = Table(
    "place",
    metadata,
    id_column(),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("name_kk", Text),
    Column("name_ru", Text),
    Column("name_en", Text),
    Column("phone", Text),
    geom_column("POINT"),
    area_column(),
)
