"""The record of an incident, and what stood before each change."""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0015_record.sql").read_text())
