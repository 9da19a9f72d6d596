"""The server forgets the kept picture of a camera whose masks are others now."""

from pathlib import Path

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0041_windows.sql").read_text())
