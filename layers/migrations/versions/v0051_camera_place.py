"""Whoever plans writes where a camera hangs."""

from pathlib import Path

from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0051_camera_place.sql").read_text())
