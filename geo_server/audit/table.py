"""The tables of the audit: entries, their erasable personal values, and the sealed checkpoints."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from layers.database import metadata
from layers.geometry import id_column

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("epoch", BigInteger, nullable=False, server_default="audit_epoch()"),  # the store's system identifier
    Column("xid", BigInteger, nullable=False, server_default="pg_current_xact_id()"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("account_id", BigInteger),
    Column("who", Text, nullable=False),
    Column("role", Text),
    Column("area_id", BigInteger),
    Column("operation", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Text),
    Column("layer", Text),
    Column("object_id", BigInteger),
    Column("purpose", JSONB(none_as_null=True)),
    Column("origin", Text),
    Column("details", JSONB, nullable=False),
    Column("commitments", JSONB, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)
audit_personal = Table(
    "audit_personal",
    metadata,
    Column("audit_id", BigInteger, ForeignKey("audit.id"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
)
audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("from_xid", BigInteger, nullable=False),  # of the transactions sealed, the first …
    Column("to_xid", BigInteger, nullable=False),  # … and the first not
    Column("leaves", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("witness", LargeBinary, nullable=False),
)
