"""The tables of units and of their latest positions."""

from sqlalchemy import REAL, BigInteger, Column, DateTime, Double, ForeignKey, SmallInteger, Table, Text

from layers.database import metadata
from layers.geometry import id_column

unit = Table(
    "unit",
    metadata,
    id_column(),
    Column("call_sign", Text, nullable=False, unique=True),
    Column("device", Text, nullable=False, unique=True),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("crew", SmallInteger, nullable=False, server_default="2"),
    Column("station_id", BigInteger, ForeignKey("place.id")),
    Column("duty", Text, nullable=False, server_default="off"),
    Column("home_area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),  # where it is now; a trigger begins at home
    Column("task", Text),  # the status of its open dispatch; a trigger keeps it
)

unit_position = Table(
    "unit_position",
    metadata,
    Column("unit_id", BigInteger, ForeignKey("unit.id"), primary_key=True),
    Column("batch", BigInteger, nullable=False, server_default="0"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("speed_kmh", REAL, nullable=False),
    Column("heading_deg", REAL, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
)
