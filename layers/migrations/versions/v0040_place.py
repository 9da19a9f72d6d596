"""Cameras know what of their place was found and not known, and their ONVIF who they are."""

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0040_place.sql").read_text())
