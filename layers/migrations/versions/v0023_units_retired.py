"""Units that came out of use, dispatches that say where a unit was diverted to, and stand-by moves that were asked."""

from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0023_units_retired.sql").read_text())
