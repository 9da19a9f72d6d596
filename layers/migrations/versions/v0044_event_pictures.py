"""Pictures of events are kept a second time with the camera's privacy masks burnt in, for whoever sees it masked."""

from pathlib import Path

from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0044_event_pictures.sql").read_text())
