"""Chains of notices of a panic, and of a desk's message."""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0016_panic_notices.sql").read_text())
