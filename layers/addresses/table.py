"""The table of addresses."""

from sqlalchemy import BigInteger, Column, Table, Text

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

address = Table(
    "address",
    metadata,
    id_column(),
    Column("osm_id", BigInteger, nullable=False),
    Column("street", Text, nullable=False),
    Column("street_kk", Text),
    Column("street_ru", Text),
    Column("street_en", Text),
    Column("house", Text, nullable=False),
    Column("common_name", Text),
    Column("postcode", Text),
    geom_column("POINT"),
    area_column(),
)
