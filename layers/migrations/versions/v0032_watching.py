"""Who watches a camera asks for a ticket first, and each view of it stands on record."""

from pathlib import Path

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0032_watching.sql").read_text())
