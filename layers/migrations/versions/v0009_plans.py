"""Response plans, versioned, and the regime they run in."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0009_plans.sql").read_text())
