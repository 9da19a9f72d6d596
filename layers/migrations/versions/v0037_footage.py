"""Footage hears of cameras that change; what was exported goes some day, and the audit knows it."""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0037_footage.sql").read_text())
