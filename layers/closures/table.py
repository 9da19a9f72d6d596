"""The tables of closures and of the road segments that each closes."""

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text, func

from layers.database import metadata
from layers.geometry import area_column, id_column

closure = Table(
    "closure",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ends_at", DateTime(timezone=True)),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("made_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False), nullable=False),
    area_column(),
)

closure_road = Table(
    "closure_road",
    metadata,
    Column("closure_id", BigInteger, ForeignKey("closure.id", ondelete="CASCADE"), primary_key=True),
    Column("road_id", BigInteger, ForeignKey("road.id", ondelete="CASCADE"), primary_key=True),
)
