"""Closures drawn on the map, speeds learned from tracks."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0011_roads.sql").read_text())
