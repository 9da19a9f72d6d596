"""What is known of the premises that a crew is sent to."""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0017_crew_premises.sql").read_text())
