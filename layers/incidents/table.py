"""The tables of incidents and of their timelines."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    Double,
    ForeignKey,
    Sequence,
    SmallInteger,
    Table,
    Text,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import area_column, geom_column, id_column

_FALSE_ALARM = """disposition @> '[{"code": "false_alarm"}]'"""  # a name in `dispositions` of data/statuses.json
_CALLER_KEY = r"nullif(right(regexp_replace(caller_phone, '\D', '', 'g'), 10), '')"

incident = Table(
    "incident",
    metadata,
    id_column(),
    Column("number", Text, nullable=False, unique=True),
    Column("category", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("priority_said", Boolean, nullable=False, server_default=false()),  # a person said it: it stands
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("opened_by", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("address", Text),
    Column("caller_name", Text),
    Column("caller_phone", Text),
    Column("held_by_area_id", BigInteger, ForeignKey("area.id")),
    Column("escalated_to_area_id", BigInteger, ForeignKey("area.id")),
    Column("plan_version_id", BigInteger),  # a trigger takes the newest; the plans are a room of geo_server
    Column("alarm", SmallInteger, nullable=False, server_default="1"),
    Column("urgency", Text),
    Column("merged_into_id", BigInteger, ForeignKey("incident.id")),
    Column("reopened_at", DateTime(timezone=True)),
    Column("disposition", JSONB, nullable=False, server_default="[]"),
    Column("address_key", Text, Computed("address_key(address)", persisted=True)),  # what the same address is found by
    Column("cell", BigInteger, Computed("place_cell(geom)", persisted=True)),  # layers/near.py: cells_around
    Column("at_lon", Double, Computed("ST_X(geom)", persisted=True)),
    Column("at_lat", Double, Computed("ST_Y(geom)", persisted=True)),
    Column("is_false_alarm", Boolean, Computed(_FALSE_ALARM, persisted=True)),
    Column("caller_key", Text, Computed(_CALLER_KEY, persisted=True)),  # digits, the last ten: a phone however spelt
    Column("changed_at", DateTime(timezone=True)),  # a trigger says it, and keeps what stood before
    geom_column("POINT"),
    area_column(),
)

incident_number = Sequence("incident_number", metadata=metadata)

incident_entry = Table(
    "incident_entry",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("kind", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Column("device_at", DateTime(timezone=True)),  # by the clock of whoever says it
)

incident_link = Table(
    "incident_link",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("other_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("reason", Text),
    Column("moved", JSONB, nullable=False, server_default="{}"),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)

incident_place = Table(
    "incident_place",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("who", Text, nullable=False),
    Column("address", Text),
    Column("reason", Text),
    geom_column("POINT"),
)
