"""The tables of events and of their pictures."""

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

event = Table(
    "event",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_event_id", Text),
    Column("camera_id", BigInteger, ForeignKey("camera.id")),
    Column("incident_id", BigInteger, ForeignKey("incident.id")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("certainty", REAL, nullable=False),
    Column("state", Text, nullable=False, server_default="new"),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("placed_by", Text, nullable=False),
    Column("ellipse_major_m", REAL),
    Column("ellipse_minor_m", REAL),
    Column("ellipse_bearing_deg", REAL),
    Column("details", JSONB, nullable=False, server_default="{}"),
    geom_column("POINT"),
    area_column(),
    UniqueConstraint("source", "source_event_id"),
)

event_picture = Table(
    "event_picture",
    metadata,
    Column("event_id", BigInteger, ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
    Column("masked_jpeg", LargeBinary),  # for whoever sees the camera masked; none where it had no privacy mask
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("box", ARRAY(REAL)),
)
