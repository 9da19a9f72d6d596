"""Accounts, their second factors and sessions, and the tries to sign in."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, false, func, true

from layers.database import metadata
from layers.geometry import id_column


def _moment(name: str, *, kept: bool = False) -> Column[object]:
    """Return a column of a moment; one that is `kept` is always there, now where it is not given."""
    return Column(name, DateTime(timezone=True), nullable=not kept, server_default=func.now() if kept else None)


account = Table(
    "account",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text),  # none where a provider signs the account in
    Column("demo", Boolean, nullable=False, server_default=false()),
    Column("role", Text, nullable=False),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    _moment("created_at", kept=True),
    Column("created_by", BigInteger, ForeignKey("account.id")),
    _moment("disabled_at"),
    Column("must_change", Boolean, nullable=False, server_default=false()),
    Column("totp_secret", LargeBinary),
    Column("totp_pending", LargeBinary),
    Column("totp_last_step", BigInteger),
    Column("provider", Text),
    Column("subject", Text),
    Column("unit_id", BigInteger, ForeignKey("unit.id")),  # of a crew, and of nobody else
)
webauthn_credential = Table(
    "webauthn_credential",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("rp_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    _moment("created_at", kept=True),
    _moment("last_used_at"),
)
account_session = Table(
    "account_session",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),  # the token itself is only in the person's browser
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    _moment("created_at", kept=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("id", BigInteger, unique=True, server_default=func.nextval("account_session_id_seq")),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("means", Text, nullable=False, server_default="password"),
    Column("second_factor", Boolean, nullable=False, server_default=false()),
    _moment("stepped_up_at"),
    Column("origin", Text),
    Column("agent", Text),
    _moment("seen_at"),
    _moment("ended_at"),
    Column("ended_by", Text),
)
webauthn_challenge = Table(
    "webauthn_challenge",
    metadata,
    Column("session_id", BigInteger, ForeignKey("account_session.id"), primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("challenge", LargeBinary, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("name", Text, nullable=False),
    _moment("at", kept=True),
    Column("ok", Boolean, nullable=False),
)
lock_release = Table(
    "lock_release",
    metadata,
    Column("name", Text, nullable=False),
    _moment("at", kept=True),
    Column("by", Text, nullable=False),
)
