"""Cameras know their streams, lens, masks and what is kept of them, and tell how they fare."""

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0028_video.sql").read_text())
