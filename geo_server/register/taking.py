"""Taking a file in: read, checked and compared in one transaction, and written as cameras in another, or not at all."""

import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import shapely
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.register import queries
from geo_server.register.checking import Checker
from geo_server.register.compare_queries import compare
from geo_server.register.reading import files
from geo_server.register.reading.table import MOST_ROWS, Finding, Reading, Row, Unreadable
from geo_server.register.schema import Choices, Import
from layers.areas.scope import visit_as
from layers.cameras import register_queries as register
from layers.changes import ring
from layers.database import Session
from layers.viewer import Viewer

AT_A_TIME = 5000  # rows
SHOWN = 20  # rows as they stand in the file
RUNG = 5000  # cameras that windows hear of one by one; more of them are seen when the map is loaded anew
Progress = Callable[[int, int], Awaitable[None]]  # done, of how much; raises Cancelled


READ, WHOLE = 700, 1000  # of a reading's way its rows are read by then; the rest is comparing them


class Cancelled(Exception):
    """Somebody called it off."""


async def read_in(engine: AsyncEngine, viewer: Viewer, one: Import, path: Path, tell: Progress) -> None:
    """Read a file's rows into the store, compared to each other and to the cameras there; raises Unreadable."""
    choices = queries.choices_of(one)
    with tempfile.TemporaryDirectory(prefix="qyran-register-") as folder:
        async with visit_as(engine, viewer) as session:
            await queries.forget_rows(session, one.id)
            reading = files.read(path, Path(folder))
            await _describe(session, one, reading, ())
            checker = await _stage(session, one, reading, choices, _part(tell, 0, READ))
            found = reading.findings + checker.closing()
            await _compare(session, one, choices, found, _part(tell, READ, WHOLE))
            await tell(WHOLE, WHOLE)
            told = {reading.columns[at]: name for at, name in checker.mapping.items()}
            chosen = one.choices | {"mapping": told}
            await queries.write(session, one.id, state="ready", choices=chosen, fault=None)


async def columns_of(engine: AsyncEngine, viewer: Viewer, one: Import, path: Path) -> None:
    """Keep what the columns and first rows of a file are, that was not taken: somebody is to say what each is."""
    with tempfile.TemporaryDirectory(prefix="qyran-register-") as folder:
        reading = files.read(path, Path(folder))
        shown = [list(row.cells) for row in islice(reading.rows, SHOWN)]
    async with visit_as(engine, viewer) as session:
        await _describe(session, one, reading, shown)


async def _describe(session: Session, one: Import, reading: Reading, shown: Iterable[list[str]]) -> None:
    sample = [[cell[:200] for cell in cells] for cells in shown]
    await queries.write(
        session, one.id, format=reading.format, columns=list(reading.columns), sample=sample, findings=[]
    )


async def _stage(session: Session, one: Import, reading: Reading, choices: Choices, tell: Progress) -> Checker:
    scope = shapely.from_wkb(await queries.shape_of(session, one.area_id))
    checker = Checker(reading=reading, choices=choices, scope=scope, import_id=one.id)
    count = 0
    for rows in _batches(reading.rows):
        count += len(rows)
        if count > MOST_ROWS:
            raise Unreadable("too_many_rows", value=MOST_ROWS)
        if count == len(rows):
            await queries.write(session, one.id, sample=[[cell[:200] for cell in row.cells] for row in rows[:SHOWN]])
        await queries.stage(session, one, checker.check(rows))
        await tell(reading.at, reading.whole)
    if not count:
        raise Unreadable("no_rows")
    return checker


def _part(tell: Progress, begins: int, ends: int) -> Progress:
    """Return what tells of a part of the way as of the whole."""

    async def told(done: int, total: int) -> None:
        await tell(begins + (ends - begins) * min(done, total) // max(total, 1), WHOLE)

    return told


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, AT_A_TIME)):
        yield batch


async def _compare(session: Session, one: Import, choices: Choices, found: list[Finding], tell: Progress) -> None:
    _, south, _, north = shapely.from_wkb(await queries.shape_of(session, one.area_id)).bounds
    near = {"near_m": choices.near_m, "south": south, "north": north}
    await compare(session, one.id, area_id=one.area_id, tell=tell, **near)
    counts = await queries.counts(session, one.id)
    if counts["twins"]:
        found.append(Finding(code="twins_of_store", value=counts["twins"]))
    if counts["twins_in_file"]:
        found.append(Finding(code="twins_of_file", value=counts["twins_in_file"]))
    told = [{name: value for name, value in asdict(each).items() if value is not None} for each in found]
    await queries.write(session, one.id, findings=told, counts=counts)


async def write_in(engine: AsyncEngine, viewer: Viewer, one: Import, tell: Progress) -> None:
    """Write an import's good rows as cameras, all of them or, where it is called off or fails, none."""
    last = one.counts["last"]
    added = changed = 0
    async with visit_as(engine, viewer) as session:
        await register.written_by(session, one.asked_by)
        heard: list[int] = []
        for first in range(0, last + 1, AT_A_TIME):
            new, other = await register.take_in(session, one.id, first, first + AT_A_TIME - 1)
            added, changed = added + len(new), changed + len(other)
            heard += [*new, *other][: max(0, RUNG - len(heard))]
            await tell(min(first + AT_A_TIME, last), last)
        counts = await queries.counts(session, one.id)
        await queries.forget_taken(session, one.id)
        await queries.forget_file(session, one.id)
        skipped = counts["good"] - added - changed
        ended = one.counts | {"added": added, "changed": changed, "skipped": skipped, "refused": counts["refused"]}
        await queries.write(session, one.id, state="done", counts=ended)
        await ring(session, {"cameras": heard})
