"""Second factors, sessions that can be ended, locks that are released."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0004_accounts.sql").read_text())
