"""When steps of dispatches count, and when crews left, in whatever order they were told."""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0024_counted_times.sql").read_text())
