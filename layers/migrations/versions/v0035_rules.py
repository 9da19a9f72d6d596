"""The server writes the rules and masks of cameras."""

from pathlib import Path

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0035_rules.sql").read_text())
