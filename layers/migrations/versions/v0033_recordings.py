"""What cameras show is kept: recordings in a chain, holds on them, clips of events, exports."""

from pathlib import Path

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0033_recordings.sql").read_text())
