"""People turn cameras by rows: what was asked of one, and who holds it."""

from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0031_ptz.sql").read_text())
