"""Machines share cameras by leases with epochs."""

from pathlib import Path

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0036_leases.sql").read_text())
