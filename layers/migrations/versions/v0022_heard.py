"""Panics that are raised anew, messages that are read, what became of a press, and whom a push may wake."""

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0022_heard.sql").read_text())
