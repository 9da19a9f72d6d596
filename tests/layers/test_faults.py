import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from layers.faults import is_full, told

ROW = "DETAIL:  Failing row contains (+7 701 000 00 00)."


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (psycopg.errors.CheckViolation(ROW), "CheckViolation 23514"),
        (IntegrityError("INSERT", {}, psycopg.errors.CheckViolation(ROW)), "CheckViolation 23514"),
        (psycopg.OperationalError(ROW), "OperationalError"),
        (ValueError("the frame is empty"), "ValueError: the frame is empty"),
    ],
)
def test_a_fault_is_told_without_the_row(error: Exception, line: str) -> None:
    assert told(error) == line


def test_a_full_disk_is_known_however_it_is_wrapped() -> None:
    full = psycopg.errors.DiskFull("could not extend file")
    assert is_full(full) and is_full(OperationalError("INSERT", {}, full))
    assert not is_full(psycopg.OperationalError("server closed the connection"))
