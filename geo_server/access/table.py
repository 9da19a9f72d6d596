"""Accounts, their sessions, and the tries to sign in."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, func, true

from layers.database import metadata
from layers.geometry import id_column

account = Table(
    "account",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("role", Text, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
)
account_session = Table(
    "account_session",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),  # the token itself is only in the person's browser
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("name", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ok", Boolean, nullable=False),
)
