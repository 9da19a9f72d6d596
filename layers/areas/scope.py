"""The scope of a visit: what the store lets through until the transaction ends.

A server that connects as `SERVER` sees no territory-bound row before one of these was called (decision 10).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.asking import NOTHING, Reading, ask_each
from layers.database import Session, visit
from layers.viewer import Viewer

_T = TypeVar("_T")
ENTER_WHOLE = text("SELECT enter_whole()")
_ENTER = text("SELECT enter(:entered, :own) AS entered")
_ENTER_CREW = text("SELECT enter_crew(:unit, :account) AS entered")


async def enter(session: Session, viewer: Viewer) -> bool:
    """Open the viewer's scope: the area entered, all below it, and what was granted to the viewer's own area.

    False, and nothing is seen, where the area entered is not the own one or below it, or where it is closed. A crew's
    scope is no area: its own unit, and what that is bound to.
    """
    if viewer.unit_id is not None:
        of = {"unit": viewer.unit_id, "account": viewer.account_id}
        return bool((await ask_each(session, (_ENTER_CREW, of)))[0][0].entered)
    asked = {"entered": viewer.area_id, "own": viewer.own_area_id}
    return bool((await ask_each(session, (_ENTER, asked)))[0][0].entered)


async def enter_whole(session: Session) -> None:
    """Open every row, for the few parts of the server that serve all viewers at once and sort out who sees what."""
    await ask_each(session, (ENTER_WHOLE, NOTHING))


async def read_whole(engine: AsyncEngine, reading: Reading[_T]) -> _T:
    """Return what a visit that sees every row reads; it is asked in one message, and does nothing else."""
    found: list[list[Any]] = []

    async def first(session: Session) -> None:
        found[:] = await ask_each(session, (ENTER_WHOLE, NOTHING), *reading.asked, commit=True)

    async with visit(engine, first):
        pass
    return reading.read(*found[1:])


@asynccontextmanager
async def visit_as(engine: AsyncEngine, viewer: Viewer) -> AsyncIterator[Session]:
    """One visit within the viewer's scope."""
    async with visit(engine, partial(enter, viewer=viewer)) as session:
        yield session


@asynccontextmanager
async def visit_whole(engine: AsyncEngine) -> AsyncIterator[Session]:
    """One visit that sees every row."""
    async with visit(engine, enter_whole) as session:
        yield session
