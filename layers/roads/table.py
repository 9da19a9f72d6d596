"""The tables of roads, of their turn restrictions and closures."""

from sqlalchemy import REAL, BigInteger, Boolean, Column, DateTime, ForeignKey, Table, Text, func

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

road = Table(
    "road",
    metadata,
    id_column(),
    Column("osm_id", BigInteger, nullable=False),
    Column("class", Text, nullable=False),
    Column("name", Text),
    Column("name_kk", Text),
    Column("name_ru", Text),
    Column("name_en", Text),
    Column("from_node", BigInteger, nullable=False),
    Column("to_node", BigInteger, nullable=False),
    Column("forward", Boolean, nullable=False, server_default="true"),
    Column("backward", Boolean, nullable=False, server_default="true"),
    Column("speed_kmh", REAL, nullable=False),
    Column("length_m", REAL, nullable=False),
    geom_column("LINESTRING"),
    area_column(),
)

road_restriction = Table(
    "road_restriction",
    metadata,
    id_column(),
    Column("osm_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_road_id", BigInteger, ForeignKey("road.id", ondelete="CASCADE"), nullable=False),
    Column("via_node", BigInteger, nullable=False),
    Column("to_road_id", BigInteger, ForeignKey("road.id", ondelete="CASCADE"), nullable=False),
)

road_closure = Table(
    "road_closure",
    metadata,
    id_column(),
    Column("road_id", BigInteger, ForeignKey("road.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("opens_at", DateTime(timezone=True)),
    Column("opened_at", DateTime(timezone=True)),
    Column("closed_by", Text, nullable=False),
)
