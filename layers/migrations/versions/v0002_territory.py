"""Territory with a history, the roles of the store, and row-level security."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0002_territory.sql").read_text())
