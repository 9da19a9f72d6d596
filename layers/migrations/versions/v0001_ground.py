"""The ground floor and the accounts."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0001_ground.sql").read_text())
