"""The table of cameras."""

from sqlalchemy import REAL, Boolean, Column, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

camera = Table(
    "camera",
    metadata,
    id_column(),
    Column("code", Text, nullable=False, unique=True),
    Column("name_kk", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="fixed"),
    Column("url", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default="true"),
    Column("height_m", REAL),
    Column("heading_deg", REAL),
    Column("tilt_deg", REAL),
    Column("roll_deg", REAL, nullable=False, server_default="0"),
    Column("hfov_deg", REAL),
    Column("width_px", Integer),
    Column("height_px", Integer),
    Column("control_points", JSONB, nullable=False, server_default="[]"),
    Column("rules", JSONB, nullable=False, server_default="[]"),
    Column("state", Text, nullable=False, server_default="unknown"),
    Column("state_at", DateTime(timezone=True)),
    Column("state_reason", Text),
    Column("last_frame_at", DateTime(timezone=True)),
    Column("fps", REAL),
    geom_column("POINT"),
    area_column(),
)
