"""The tables of what stood before each change; triggers of migration 0015 write them, nothing changes a row of them."""

from sqlalchemy import BigInteger, Column, ForeignKey, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import TSTZRANGE

from layers.database import metadata
from layers.geometry import geom_column, id_column

unit_version = Table(
    "unit_version",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("call_sign", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("task", Text),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
)

incident_version = Table(
    "incident_version",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("state", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("alarm", SmallInteger, nullable=False),
    geom_column("POINT"),
)
