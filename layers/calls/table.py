"""The tables of calls and of what was done about each."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from layers.database import metadata
from layers.geometry import area_column, id_column

_CALLER_KEY = r"nullif(right(regexp_replace(phone, '\D', '', 'g'), 10), '')"
_READ_BY = "CASE WHEN state <> 'ended' OR outcome IS NULL THEN handed_from END"

call = Table(
    "call",
    metadata,
    id_column(),
    Column("source_id", BigInteger, ForeignKey("source.id")),
    Column("exchange_id", Text),
    Column("home_area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("line", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("phone", Text),
    Column("caller_name", Text),
    Column("rang_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", Text),
    Column("ended_at", DateTime(timezone=True)),
    Column("incident_id", BigInteger, ForeignKey("incident.id")),
    Column("category", Text),
    Column("said", Text, nullable=False, server_default=""),
    Column("answers", JSONB, nullable=False, server_default="{}"),
    Column("address", Text),
    Column("common_name", Text),
    Column("placed_by", Text, nullable=False, server_default="none"),
    Column("placed_at", DateTime(timezone=True)),
    Column("radius_m", REAL),
    Column("confidence_pct", REAL),
    Column("abroad", Boolean, nullable=False, server_default="false"),
    Column("outside", Boolean, nullable=False, server_default="false"),
    Column("handed_from", ARRAY(BigInteger)),  # areas that handed it on, the last one last
    Column("handed_at", DateTime(timezone=True)),
    Column("handed_by", Text),
    Column("handed_why", Text),
    Column("read_by", ARRAY(BigInteger), Computed(_READ_BY, persisted=True)),  # who handed it, while it is open
    Column("caller_key", Text, Computed(_CALLER_KEY, persisted=True)),  # digits, the last ten: a phone however spelt
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),  # none: nobody knows where they are
    area_column(),
    UniqueConstraint("source_id", "exchange_id"),
)

call_entry = Table(
    "call_entry",
    metadata,
    id_column(),
    Column("call_id", BigInteger, ForeignKey("call.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("kind", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("details", JSONB, nullable=False, server_default="{}"),
)
