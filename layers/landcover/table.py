"""The table of land cover."""

from sqlalchemy import BigInteger, Column, Table, Text

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

landcover = Table(
    "landcover",
    metadata,
    id_column(),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("name_kk", Text),
    Column("name_ru", Text),
    Column("name_en", Text),
    geom_column("MULTIPOLYGON"),
    area_column(),
)
