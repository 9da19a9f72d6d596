"""The tables of recordings: files in a chain, gaps, holds, clips, exports."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import id_column


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _camera() -> Column[int]:
    return Column("camera_id", BigInteger, ForeignKey("camera.id"), nullable=False)


recording = Table(
    "recording",
    metadata,
    id_column(),
    _camera(),
    Column("path", Text, nullable=False, unique=True),
    _moment("begins_at", nullable=False),
    _moment("ends_at", nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("init_bytes", Integer, nullable=False),
    Column("codec", Text, nullable=False),
    Column("index", JSONB, nullable=False, server_default="[]"),
    Column("sha256", LargeBinary),
    Column("previous_sha256", LargeBinary),
    Column("chain_sha256", LargeBinary),
    Column("number", BigInteger),
    Column("state", Text, nullable=False, server_default="open"),
    Column("retention", Text, nullable=False),
    _moment("closed_at"),
    _moment("deleted_at"),
    Column("deleted_why", Text),
)
recording_gap = Table(
    "recording_gap",
    metadata,
    id_column(),
    _camera(),
    _moment("begins_at", nullable=False),
    _moment("ends_at"),
    Column("reason", Text, nullable=False),
)
recording_state = Table(
    "recording_state",
    metadata,
    Column("camera_id", BigInteger, ForeignKey("camera.id"), primary_key=True),
    _moment("at", nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("sentence", Text),
    _moment("safe_until"),
)
recording_disk = Table(
    "recording_disk",
    metadata,
    Column("one", Boolean, primary_key=True, server_default="true"),
    _moment("at", nullable=False),
    Column("free_bytes", BigInteger, nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("pressure", Text, nullable=False, server_default=""),
)
legal_hold = Table(
    "legal_hold",
    metadata,
    id_column(),
    _camera(),
    Column("incident_id", BigInteger, ForeignKey("incident.id")),
    Column("event_id", BigInteger, ForeignKey("event.id")),
    _moment("begins_at", nullable=False),
    _moment("ends_at", nullable=False),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("set_by", Text, nullable=False),
    _moment("released_at"),
    Column("released_by", Text),
    Column("release_reason", Text),
)
event_clip = Table(
    "event_clip",
    metadata,
    Column("event_id", BigInteger, ForeignKey("event.id"), primary_key=True),
    _camera(),
    _moment("begins_at", nullable=False),
    _moment("ends_at", nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("reason", Text),
    Column("path", Text),
    Column("bytes", BigInteger),
    Column("init_bytes", Integer),
    Column("codec", Text),
    Column("sha256", LargeBinary),
    _moment("made_at"),
)
video_export = Table(
    "video_export",
    metadata,
    id_column(),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("asked_by", Text, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("incident_id", BigInteger, ForeignKey("incident.id")),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("camera_ids", ARRAY(BigInteger), nullable=False),
    _moment("begins_at", nullable=False),
    _moment("ends_at", nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("why", Text),
    Column("path", Text),
    Column("bytes", BigInteger),
    Column("sha256", LargeBinary),
    Column("key_id", Text),
    _moment("ready_at"),
    _moment("deleted_at"),
    _moment("told_at"),
)
