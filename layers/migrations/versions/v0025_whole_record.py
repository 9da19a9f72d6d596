"""Everything of the record is only added to, and what it is asked for is found."""

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0025_whole_record.sql").read_text())
