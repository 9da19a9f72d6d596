"""What a grant does not hand over: exports, the say over holds, views beyond its end; and how tables are protected."""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0037_plates.sql").read_text())
