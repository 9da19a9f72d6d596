"""The refused rows of an import as a file: which row, why, and the row as it was."""

from collections.abc import AsyncIterator
from pathlib import Path

from geo_server.register import exporting, queries
from geo_server.register.schema import Import, sentence
from layers.database import Session

AT_A_TIME = 5000


async def write(session: Session, one: Import, language: str, to: Path) -> None:
    """Write the refused rows to a file, some at a time: there may be as many as there are rows."""
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        async for part in _lines(session, one, language):
            file.write(part)


async def _lines(session: Session, one: Import, language: str) -> AsyncIterator[str]:
    """Yield the refused rows as CSV: the number of each, why it is refused, and the row as it was."""
    yield exporting.csv_lines([["row", "reason", *one.columns]])
    after = 0
    while True:
        found = await queries.rows(session, one.id, "refused", after=after, most=AT_A_TIME)
        if not found:
            return
        why = [getattr(sentence(row.refused or {}), language) for row in found]
        rows = [[row.line, reason, *(row.raw or [])] for row, reason in zip(found, why, strict=True)]
        yield exporting.csv_lines(rows)
        after = found[-1].line
