"""The hotlist: plates that are looked for, each on its grounds and for its time."""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0029_hotlist.sql").read_text())
