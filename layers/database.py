"""The store: one engine, one metadata, one visit = one transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

# A store that takes the connection and stays silent, or whose machine is gone, counts as away after so long.
PATIENT: dict[str, Any] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
}  # s, ms (libpq); the second is for TCP alone

StoreRole = Literal["qyran_server", "qyran_ingest"]  # what each wing comes in as; the owner migrates and sets up
SERVER: StoreRole = "qyran_server"
INGEST: StoreRole = "qyran_ingest"

Session = AsyncConnection  # what `queries.py` functions take; they never commit, the edge does
_LAST = "qyran_last"  # what a visit still has to do when all else is done


def engine_for(database_url: str, *, size: int = 10) -> AsyncEngine:
    """Open a pool on `postgresql://…`; psycopg 3 is the one driver."""
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=size,
        connect_args=PATIENT,
        hide_parameters=True,  # what callers told stays out of the words of an error
    )


def as_role(database_url: str, role: StoreRole) -> str:
    """Return the address of the same database for a role; our own store trusts its socket, so no password is in it."""
    parts = urlsplit(database_url)
    return urlunsplit(parts._replace(netloc=f"{quote(role)}@{parts.netloc.rpartition('@')[2]}"))


async def _knock(session: Session) -> None:
    await session.execute(text("SELECT 1"))


@asynccontextmanager
async def visit(engine: AsyncEngine, first: Callable[[Session], Awaitable[object]] = _knock) -> AsyncIterator[Session]:
    """One visit, one transaction: commits when the block ends well, rolls back when it does not.

    `first` is what it begins with. Where that finds that a kept connection was lost since its last visit, it is done
    once more on a new one; so no connection is tried before it is used.
    """
    try:
        session, begun = await _begin(engine, first)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        session, begun = await _begin(engine, first)  # the pool has let go of all it kept: this one is new
    async with begun:
        last: dict[str, Callable[[], Awaitable[None]]] = {}
        info = session.info  # a connection that was lost, or cancelled, lets nobody ask it for this any more
        info[_LAST] = last
        try:
            yield session
            for act in last.values():
                await act()
        finally:
            info.pop(_LAST, None)


async def _begin(
    engine: AsyncEngine, first: Callable[[Session], Awaitable[object]]
) -> tuple[Session, AsyncExitStack[bool | None]]:
    """Return a session whose transaction has begun, and what ends it."""
    opening = AsyncExitStack()
    async with opening:
        session = await opening.enter_async_context(engine.begin())
        await first(session)
        begun = opening.pop_all()
    return session, begun


def last_acts(session: Session) -> dict[str, Callable[[], Awaitable[None]]] | None:
    """Return what the visit does right before its commit, by name, to be added to; None outside a visit.

    For acts that make other visits wait until this one is over.
    """
    found: dict[str, Callable[[], Awaitable[None]]] | None = session.info.get(_LAST)
    return found
