"""Names that can be searched for."""

from pathlib import Path
from typing import cast

from alembic import op

from layers.bulk import Connection
from layers.geocoder.filling import rebuild

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(Path(__file__).with_name("0014_geocoder.sql").read_text())
    # A later migration that changes these tables fills them itself, and takes this line away.
    rebuild(cast(Connection, op.get_bind().connection.driver_connection))
