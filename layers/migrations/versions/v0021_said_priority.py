"""Priorities that a person said."""

from pathlib import Path

from alembic import op

revision = "0021"
down_revision = "0019"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0021_said_priority.sql").read_text())
