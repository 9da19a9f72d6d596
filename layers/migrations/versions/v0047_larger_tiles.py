"""Tiles of coverage are four kilometres wide now: those of two lie in another grid, and are reckoned anew."""

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.execute("""INSERT INTO job (kind, area_id, asked_by)
                  SELECT DISTINCT 'coverage', area_id, 'upgrade' FROM coverage_share""")
    op.execute("DELETE FROM coverage_tile")  # what was reckoned of them goes with them
