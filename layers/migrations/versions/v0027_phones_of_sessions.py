"""No phone is woken whose session nobody knows."""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0027_phones_of_sessions.sql").read_text())
