"""The table in which refusals at the doors wait until the audit tells them."""

from sqlalchemy import BigInteger, Column, DateTime, Table, Text, UniqueConstraint

from layers.database import metadata
from layers.geometry import id_column

door_refusal = Table(
    "door_refusal",
    metadata,
    id_column(),
    Column("door", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("address", Text),  # none where more came than are told one by one
    Column("source_id", BigInteger),  # whose key it was, where it was somebody's
    Column("count", BigInteger, nullable=False),  # since it was last told
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("told_at", DateTime(timezone=True)),
    UniqueConstraint("door", "code", "address", "source_id", postgresql_nulls_not_distinct=True),
)
