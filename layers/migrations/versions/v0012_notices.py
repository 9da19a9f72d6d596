"""Notices and their delivery."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0012_notices.sql").read_text())
