"""Clocks and what is known of premises."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0013_clocks.sql").read_text())
