"""Crews: roster, skills, panic, proposals of status."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0010_crews.sql").read_text())
