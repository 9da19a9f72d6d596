"""Footage hears of cameras that change; what was exported goes some day, and the audit knows it."""

from pathlib import Path

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0039_footage.sql").read_text())
