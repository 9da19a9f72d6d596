"""A border that moves takes forbidden zones and plans of cameras along."""

from pathlib import Path

from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0052_placement_borders.sql").read_text())
