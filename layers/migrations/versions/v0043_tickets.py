"""Tickets for video go once their day is past; what was looked at by them stays, and says what it was."""

from pathlib import Path

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0043_tickets.sql").read_text())
