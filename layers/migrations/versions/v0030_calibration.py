"""Cameras are calibrated by people, in a picture of theirs."""

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0030_calibration.sql").read_text())
