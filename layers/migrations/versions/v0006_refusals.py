"""What the doors refuse, until the audit tells it."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0006_refusals.sql").read_text())
