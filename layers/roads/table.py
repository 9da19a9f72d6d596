"""The tables of roads, of their turn restrictions and of the speeds learned for them."""

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
)

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

# Learned from tracks: how fast a segment is driven along its line (0) or against it (1), by the hour of the week.
road_speed = Table(
    "road_speed",
    metadata,
    Column("road_id", BigInteger, ForeignKey("road.id", ondelete="CASCADE"), primary_key=True),
    Column("direction", SmallInteger, primary_key=True),
    Column("week_hour_band", SmallInteger, primary_key=True),
    Column("speed_kmh", REAL, nullable=False),
    Column("samples", Integer, nullable=False),
    Column("learned_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
