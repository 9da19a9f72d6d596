"""No phone is woken whose session nobody knows, and what a unit was bound to when is found."""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0027_late_crews.sql").read_text())
