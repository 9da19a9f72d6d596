"""Plans of cameras, what counts of their ground, and forbidden zones."""

from pathlib import Path

from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0050_placement.sql").read_text())
