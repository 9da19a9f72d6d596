"""The whole life of an incident: merged, split, linked, moved, reopened."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0008_lifecycle.sql").read_text())
