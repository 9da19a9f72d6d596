"""What is told of a fault of the store: its class and SQLSTATE, never its words, which may repeat a row."""

import psycopg
from sqlalchemy.exc import DBAPIError


def of_store(error: BaseException) -> BaseException | None:
    """Return the driver's own error behind an error; None where the fault is not the store's."""
    found = error.orig if isinstance(error, DBAPIError) else error
    return found if isinstance(found, psycopg.Error) else None


def told(error: BaseException) -> str:
    """Say an error in one line for a log, one of the store without the row that its DETAIL repeats."""
    fault = of_store(error)
    if fault is None:
        return type(error).__name__ if isinstance(error, DBAPIError) else f"{type(error).__name__}: {error}"
    return " ".join(filter(None, (type(fault).__name__, getattr(fault, "sqlstate", None))))


def is_full(error: BaseException) -> bool:
    """Say whether the disk of the store has no room left (SQLSTATE 53100)."""
    return isinstance(of_store(error), psycopg.errors.DiskFull)
