"""What cameras see of the ground, what nobody sees, and who owns a camera; jobs."""

from pathlib import Path

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0045_coverage.sql").read_text())
