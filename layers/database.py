"""The store: one engine, one metadata, one visit = one transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from psycopg._preparing import PrepareManager
from sqlalchemy import MetaData, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from layers.asking import Asked, as_one, ask, ask_each
from layers.carrying import PLANS_KEPT

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

# The same for whoever must stop soon when it is cut off: also when the answer alone stays away, s and ms (libpq).
IMPATIENT: dict[str, Any] = {
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}

StoreRole = Literal["qyran_server", "qyran_ingest"]  # what each wing comes in as; the owner migrates and sets up
SERVER: StoreRole = "qyran_server"
INGEST: StoreRole = "qyran_ingest"

Session = AsyncConnection  # what `queries.py` functions take; they never commit, the edge does
_NOTHING = text("SELECT 1 AS here")
_LAST = "qyran_last"  # what a visit still has to do when all else is done


def engine_for(database_url: str, *, size: int = 10, abandoned_s: float | None = None) -> AsyncEngine:
    """Open a pool on `postgresql://…`; psycopg 3 is the one driver.

    `abandoned_s`: a visit in whose midst this process says nothing for so long is undone by the store, and one that
    waits for a store that can no longer be reached is given up soon.
    """
    told = {} if abandoned_s is None else {"options": _abandoned(database_url, abandoned_s), **IMPATIENT}
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_async_engine(
        url,
        pool_size=2 * size,
        max_overflow=0,  # one more that is let go of again would be opened, and plan, for a moment each time
        pool_use_lifo=True,  # the connection used last has its questions planned
        connect_args={**PATIENT, **told},
        hide_parameters=True,  # what callers told stays out of the words of an error
    )
    event.listen(engine.sync_engine, "connect", _keep_plans)
    return engine


def address_of(engine: AsyncEngine) -> str:
    """Return the address that an engine was opened on, for who needs a connection apart, with its password."""
    told = urlsplit(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    return urlunsplit(told._replace(query=told.query.replace("+", "%20")))  # libpq knows no plus for a blank


def _abandoned(database_url: str, abandoned_s: float) -> str:
    """Return the options of the address, which name the role there, and how long a visit may lie."""
    own = parse_qs(urlsplit(database_url).query).get("options", [])
    return " ".join([*own, f"-c idle_in_transaction_session_timeout={abandoned_s:.0f}s"])


class _Plans(PrepareManager):
    """What psycopg has planned: a ROLLBACK makes it forget all, and take ours along, for fear of altered tables."""

    prepare_threshold = (
        1  # a question asked for the second time is planned for good: that takes longer than most answers
    )
    prepared_max = PLANS_KEPT

    def clear(self) -> bool:
        """Forget nothing: the store itself plans anew what an altered table has outdated."""
        return False


def _keep_plans(connection: Any, _: object) -> None:
    connection.driver_connection._prepared = _Plans()


def as_role(database_url: str, role: StoreRole) -> str:
    """Return the address of the same database for a role; our own store trusts its socket, so no password is in it."""
    parts = urlsplit(database_url)
    return urlunsplit(parts._replace(netloc=f"{quote(role)}@{parts.netloc.rpartition('@')[2]}"))


class Last(IntEnum):
    """What a visit does last, in this order: the bell is rung at the very end, for others wait from there on."""

    ENTRY = 1
    RING = 2


@dataclass(slots=True)
class LastAct:
    """Acts that a visit does right before its commit, in one message with it; `failed` says what their failure means.

    `asked` is called at the end, when all that the visit does is known.
    """

    asked: Callable[[], Sequence[Asked]]
    failed: Callable[[DBAPIError], Exception] | None = None


LastActs = dict[Last, LastAct]


async def _knock(session: Session) -> None:
    await ask(session, _NOTHING)


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
        last: LastActs = {}
        info = session.info  # a connection that was lost, or cancelled, lets nobody ask it for this any more
        info[_LAST] = last
        try:
            yield session
            await _end(session, [act for _, act in sorted(last.items())])
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


async def _end(session: Session, last: Sequence[LastAct]) -> None:
    parts = [act.asked() for act in last]
    asked = [each for part in parts for each in part]
    if not asked:
        return
    if [len(part) for part in parts] == [1, 1]:  # an entry and the bell: so most acts end
        asked = [as_one(*asked)]
    try:
        await ask_each(session, *asked, commit=True)
    except DBAPIError as error:
        meant = next((act.failed(error) for act in last if act.failed is not None), None)
        if meant is None:
            raise
        raise meant from error


def last_acts(session: Session) -> LastActs | None:
    """Return what the visit does right before its commit, to be added to; None outside a visit."""
    found: LastActs | None = session.info.get(_LAST)
    return found
