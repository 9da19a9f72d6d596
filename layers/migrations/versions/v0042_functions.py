"""A camera that is turned while nobody watches is told."""

from pathlib import Path

from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0042_functions.sql").read_text())
