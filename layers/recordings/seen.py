"""What a row of recordings names of another that may lie out of sight: told to who sees that one too."""

from typing import Any

from sqlalchemy import ColumnElement, Table, select


def seen_of(named: Table, by: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column's id where the visit's scope shows the row that it names, by the store's policies; else null."""
    return select(named.c.id).where(named.c.id == by).scalar_subquery().label(str(by.key))
