"""Redundancy, cover by night, and gaps that know what they have to expect by category and hour."""

from pathlib import Path

from alembic import op

revision = "0052"
down_revision = "0047"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0052_weights.sql").read_text())
