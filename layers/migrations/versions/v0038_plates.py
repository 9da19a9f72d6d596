"""What a grant does not hand over: exports, the say over holds, views beyond its end; and how tables are protected."""

from pathlib import Path

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0038_plates.sql").read_text())
