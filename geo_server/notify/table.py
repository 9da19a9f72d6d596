"""The tables of contacts, of notices and their chains, and of the phones that can be woken."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from layers.database import metadata
from layers.geometry import id_column


def _moment(name: str, *, kept: bool = False) -> Column[object]:
    """Return a column of a moment; one that is `kept` is always there, now where it is not given."""
    return Column(name, DateTime(timezone=True), nullable=not kept, server_default=func.now() if kept else None)


def _subject() -> tuple[Column[object], ...]:
    return (
        Column("incident_id", BigInteger, ForeignKey("incident.id")),
        Column("dispatch_id", BigInteger, ForeignKey("dispatch.id")),
        Column("priority", SmallInteger, nullable=False),
    )


contact = Table(
    "contact",
    metadata,
    id_column(),
    Column("area_id", BigInteger, ForeignKey("area.id"), nullable=False),
    Column("unit_id", BigInteger, ForeignKey("unit.id")),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="ru"),
    Column("phone", Text),
    Column("email", Text),
    Column("url", Text),
    Column("topic", Text),
    Column("channels", ARRAY(Text), nullable=False, server_default="{}"),
    Column("escalates_to_id", BigInteger, ForeignKey("contact.id")),
    Column("secret_round", SmallInteger, nullable=False, server_default="1"),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    _moment("created_at", kept=True),
    Column("created_by", Text, nullable=False),
)
notice_chain = Table(
    "notice_chain",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    *_subject(),
    Column("to_kind", Text, nullable=False),
    Column("to_id", BigInteger),
    Column("to_role", Text),
    Column("panic_id", BigInteger, ForeignKey("panic.id")),
    Column("message_id", BigInteger, ForeignKey("crew_message.id")),
    Column("alarm", SmallInteger, nullable=False, server_default="0"),
    Column("steps", JSONB(none_as_null=True)),
    Column("step", SmallInteger, nullable=False, server_default="-1"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("due_at", DateTime(timezone=True), server_default=func.now()),
    _moment("queued_at", kept=True),
    Column("queued_by", Text, nullable=False),
    _moment("ended_at"),
    Column("ended_by", Text),
    Column("ended_how", Text),
)
notice = Table(
    "notice",
    metadata,
    id_column(),
    Column("chain_id", BigInteger, ForeignKey("notice_chain.id"), nullable=False),
    Column("step", SmallInteger, nullable=False),
    *_subject(),
    Column("to_kind", Text, nullable=False),
    Column("to_id", BigInteger, nullable=False),
    Column("to_name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("secret_round", SmallInteger, nullable=False, server_default="1"),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    _moment("next_at", kept=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    _moment("queued_at", kept=True),
    _moment("sent_at"),
    _moment("delivered_at"),
    _moment("acknowledged_at"),
    Column("acknowledged_by", Text),
    Column("acknowledged_means", Text),
    Column("awaits", ARRAY(Text), nullable=False, server_default="{}"),
    Column("code", Text),
    Column("parts", SmallInteger),
    Column("cut", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("chain_id", "step"),
)
notice_attempt = Table(
    "notice_attempt",
    metadata,
    id_column(),
    Column("notice_id", BigInteger, ForeignKey("notice.id"), nullable=False),
    _moment("at", kept=True),
    _moment("ended_at"),
    Column("outcome", Text),
    Column("code", Text),
)
notice_channel = Table(
    "notice_channel",
    metadata,
    Column("name", Text, primary_key=True),
    _moment("last_ok_at"),
    _moment("failing_since"),
    Column("code", Text),
)
push_subscription = Table(
    "push_subscription",
    metadata,
    id_column(),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("session_id", BigInteger, ForeignKey("account_session.id")),  # with its end the phone is woken no more
    Column("endpoint", Text, nullable=False, unique=True),
    Column("p256dh", LargeBinary, nullable=False),
    Column("auth", LargeBinary, nullable=False),
    _moment("created_at", kept=True),
    _moment("last_ok_at"),
)
