"""Keys of machines that rotate."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0005_keys.sql").read_text())
