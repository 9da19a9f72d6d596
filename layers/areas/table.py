"""The table of areas."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, ForeignKey, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import TSTZRANGE

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
    Column("closed_at", DateTime(timezone=True)),
    geom_column("MULTIPOLYGON"),
)
area_version = Table(  # every shape an area ever had; triggers write it
    "area_version",
    metadata,
    Column("area_id", BigInteger, nullable=False),
    Column("parent_id", BigInteger),
    Column("level", SmallInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("name_kk", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("approximate", Boolean, nullable=False),
    geom_column("MULTIPOLYGON"),
    Column("during", TSTZRANGE, nullable=False),
)
