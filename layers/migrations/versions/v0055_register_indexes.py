"""Rows of an import without the indexes that no question asks: rows are found by their numbers, all of them together.

What rows are to each other is found in tables of the visit alone (`geo_server/register/compare_queries.py`).
"""

from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.execute("DROP INDEX register_row_geom_idx; DROP INDEX register_row_code_idx")
