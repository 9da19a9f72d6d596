"""Why a camera is in its state, by code, so that it is said in the reader's language."""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0037_streams.sql").read_text())
