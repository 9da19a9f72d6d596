"""The table of panics."""

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, id_column

panic = Table(
    "panic",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("call_sign", Text, nullable=False),  # a trigger fills both in
    Column("service", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),  # by the device's clock
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("raised_by", Text, nullable=False),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("repeated_at", DateTime(timezone=True)),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("acknowledged_by", Text),
    Column("heard_before", JSONB, nullable=False, server_default="[]"),  # [{"at", "by"}]: of earlier presses
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("reason", Text),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),  # none: nobody knows where
    area_column(),
)
