"""The height of the ground, and whether coverage was reckoned with it."""

from pathlib import Path

from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0053_terrain.sql").read_text())
