"""What the register of cameras tells of each: owner, contract, mast, node, link, modules, what it watches, facts."""

from pathlib import Path

from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0046_camera_register.sql").read_text())
