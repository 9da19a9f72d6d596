"""Writing many rows at once by COPY: for whoever fills the ground in one transaction of psycopg 3."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

Connection = psycopg.Connection[Any]


def copy_into(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into the named columns; raises psycopg.Error, with the transaction broken, where one is refused."""
    names = sql.SQL(", ").join(sql.Identifier(c) for c in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def let_writer_set_area(connection: Connection, table: Table) -> None:
    """Switch the table's `set_area` off: 100,000 rows ask for their area far quicker together than one by one."""
    _switch_trigger(connection, table, "DISABLE")


def let_trigger_set_area(connection: Connection, table: Table) -> None:
    """Switch the table's `set_area` on again; both switches belong into one transaction."""
    _switch_trigger(connection, table, "ENABLE")


def _switch_trigger(connection: Connection, table: Table, to: str) -> None:
    statement = sql.SQL("ALTER TABLE {} {} TRIGGER set_area").format(sql.Identifier(table.name), sql.SQL(to))
    connection.execute(statement)
