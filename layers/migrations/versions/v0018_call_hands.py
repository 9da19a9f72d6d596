"""Calls that are handed to another area."""

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0018_call_hands.sql").read_text())
