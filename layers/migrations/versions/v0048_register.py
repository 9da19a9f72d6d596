"""The register of cameras: entries without a stream, who changed what of each, and files that are taken in."""

from pathlib import Path

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0048_register.sql").read_text())
