"""The table of areas."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, ForeignKey, SmallInteger, Table, Text

from layers.database import metadata
from layers.geometry import geom_column, id_column

area = Table(
    "area",
    metadata,
    id_column(),
    Column("parent_id", BigInteger, ForeignKey("area.id")),
    Column("path", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Column("level", SmallInteger, nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("name_kk", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("approximate", Boolean, nullable=False, server_default="false"),
    geom_column("MULTIPOLYGON"),
)
