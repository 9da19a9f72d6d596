"""A machine may send the pictures of a camera."""

from pathlib import Path

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0034_pictures.sql").read_text())
