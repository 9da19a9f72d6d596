"""Calls found by when they rang."""

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0019_calls_by_time.sql").read_text())
