"""The tables of tickets for video, and of what was looked at by them."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, func, text

from layers.database import metadata
from layers.geometry import id_column

video_ticket = Table(
    "video_ticket",
    metadata,
    id_column(),
    Column("token_sha256", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("camera_id", BigInteger, ForeignKey("camera.id"), nullable=False, index=True),
    Column("account_id", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("session_id", BigInteger, nullable=False),
    Column("watermark", Text, nullable=False),
    Column("masked", Boolean, nullable=False),
    Column("begins_at", DateTime(timezone=True)),
    Column("until", DateTime(timezone=True)),
    Column("event_id", BigInteger, ForeignKey("event.id")),
    Column("export_id", BigInteger, ForeignKey("video_export.id")),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False, server_default=text("now() + interval '30 seconds'")),
    Column("used_at", DateTime(timezone=True)),
)
video_view = Table(
    "video_view",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("video_ticket.id"), unique=True),  # none once the ticket has gone
    Column("camera_id", BigInteger, ForeignKey("camera.id"), nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("masked", Boolean, nullable=False),
    Column("begins_at", DateTime(timezone=True)),
    Column("until", DateTime(timezone=True)),
    Column("event_id", BigInteger, ForeignKey("event.id")),
    Column("export_id", BigInteger, ForeignKey("video_export.id")),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_why", Text),
    Column("bytes", BigInteger, nullable=False, server_default="0"),
)
