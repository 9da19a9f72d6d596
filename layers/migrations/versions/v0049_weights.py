"""Redundancy, cover by night, and gaps that know what they have to expect by category and hour."""

from pathlib import Path

from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0049_weights.sql").read_text())
