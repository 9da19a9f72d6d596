"""The tables of dispatches, of each step they took, and of the steps that positions propose."""

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from layers.database import metadata
from layers.geometry import geom_column, id_column

dispatch = Table(
    "dispatch",
    metadata,
    id_column(),
    Column("incident_id", BigInteger, ForeignKey("incident.id"), nullable=False),
    Column("unit_id", BigInteger, ForeignKey("unit.id"), nullable=False),
    Column("status", Text, nullable=False, server_default="dispatched"),
    Column("dispatched_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("dispatched_by", Text, nullable=False),
    Column("status_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("eta_at", DateTime(timezone=True)),
    Column("route_s", REAL),
    Column("route_m", REAL),
    Column("straight", Boolean, nullable=False, server_default="false"),
    Column("routed_at", DateTime(timezone=True)),  # when route and eta were last reckoned
    Column("silent_since", DateTime(timezone=True)),  # the unit's last position, where none came since
    Column("service", Text),  # the unit's when it was sent; a trigger writes it, and the next three by the steps
    Column("enroute_at", DateTime(timezone=True)),
    Column("onscene_at", DateTime(timezone=True)),
    Column("left_at", DateTime(timezone=True)),
    Column("diverted_to", BigInteger, ForeignKey("dispatch.id")),  # of one that was diverted: where its unit went
    Column("sent_lon", Double),  # where its unit stood when it was sent; a trigger writes it
    Column("sent_lat", Double),
    geom_column("LINESTRING"),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
)

dispatch_entry = Table(
    "dispatch_entry",
    metadata,
    id_column(),
    Column("dispatch_id", BigInteger, ForeignKey("dispatch.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("means", Text, nullable=False),
    Column("reason", Text),
    Column("client_event_id", Text),
    Column("taken", Boolean, nullable=False, server_default="true"),  # false: on the record alone
    Column("late", Boolean, nullable=False, server_default="false"),
    Column("lon", Double),
    Column("lat", Double),
    UniqueConstraint("dispatch_id", "client_event_id"),
)

status_proposal = Table(
    "status_proposal",
    metadata,
    id_column(),
    Column("dispatch_id", BigInteger, ForeignKey("dispatch.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("metres", REAL, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    UniqueConstraint("dispatch_id", "status"),
)
