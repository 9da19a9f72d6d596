"""Which life of the store it is, is asked once a plan."""

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0026_one_epoch.sql").read_text())
