"""A transaction stirs a tile of coverage once, however many cameras it writes there."""

from pathlib import Path

from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0054_stirred_once.sql").read_text())
