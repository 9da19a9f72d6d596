"""The audit, its personal fields and its sealed checkpoints."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0003_audit.sql").read_text())
