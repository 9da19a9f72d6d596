"""The tables of units, of their latest positions, their duty, shifts and messages, and of what their devices sent."""

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import id_column

unit = Table(
    "unit",
    metadata,
    id_column(),
    Column("call_sign", Text, nullable=False),  # this and the device are one unit's among those in use
    Column("device", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("crew", SmallInteger, nullable=False, server_default="2"),
    Column("station_id", BigInteger, ForeignKey("place.id")),
    Column("duty", Text, nullable=False, server_default="off"),
    Column("home_area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),  # where it is now; a trigger begins at home
    Column("task", Text),  # the status of its open dispatch; a trigger keeps it
    Column("changed_at", DateTime(timezone=True)),  # a trigger says it, and keeps what stood before
    Column("skills", ARRAY(Text), nullable=False, server_default="{}"),
    Column("equipment", JSONB, nullable=False, server_default="{}"),  # name → how many
    Column("vehicle", Text),
    Column("radio_name", Text),
    Column("local_status", Text),  # a word of data/labels.json
    Column("retired_at", DateTime(timezone=True)),  # since when it is out of use
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

unit_shift = Table(
    "unit_shift",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("crew", JSONB, nullable=False, server_default="[]"),  # [{"name", "role"}]
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("made_by", Text, nullable=False),
)

unit_duty = Table(
    "unit_duty",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("duty", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("means", Text, nullable=False),
    Column("reason", Text),
    Column("taken", Boolean, nullable=False, server_default="true"),
    Column("late", Boolean, nullable=False, server_default="false"),
)

crew_event = Table(
    "crew_event",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("client_event_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("taken", Boolean, nullable=False, server_default="true"),
    Column("late", Boolean, nullable=False, server_default="false"),
    UniqueConstraint("unit_id", "client_event_id", name="crew_event_once"),
)

crew_message = Table(
    "crew_message",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("from_crew", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Column("read_by", Text),
)

standby_move = Table(
    "standby_move",
    metadata,
    id_column(),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("place_id", BigInteger, ForeignKey("place.id"), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("asked_by", Text, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),  # by when it has arrived, or is not coming
)
