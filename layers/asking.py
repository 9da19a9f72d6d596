"""Asking the store often: a question that is built once is put into SQL once, and the driver alone carries it.

SQLAlchemy's own way takes twice the processor for each question; several questions sent together take a quarter
(decision 21).
"""

from collections import namedtuple
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq.abc import PGresult
from psycopg.rows import RowMaker
from sqlalchemy import Executable, Insert, literal_column
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from layers.carrying import Carrier

Told = Mapping[str, Any]
Asked = tuple[Executable, Told]
NOTHING: Told = {}
BINARY = "qyran_binary"  # an execution option of a question: its answer comes in the store's own bytes
_CARRIER = "qyran_carrier"  # kept with the connection, as long as that lives

_DIALECT = cast(Any, dialects.dialect)(paramstyle="numeric_dollar", dbapi=psycopg)
_T = TypeVar("_T")
_Wrap = Callable[[Any], Any]
_Driver = psycopg.AsyncConnection[Any]


@dataclass(slots=True)
class _Written:
    """A question in SQL: its parameters in their order, the values it brings itself, and how a value is wrapped.

    The answer comes as text, or in the store's own bytes where that saves spelling long ones out.
    """

    sql: bytes
    names: Sequence[str]
    given: Told
    wraps: Mapping[str, _Wrap]
    binary: bool = False
    row: RowMaker[Any] | None = field(default=None)  # known from the first answer on

    def values(self, told: Told) -> list[Any]:
        """Return the values of the parameters; raises KeyError where one is not told."""
        return [self._value(name, told[name]) if name in told else self.given[name] for name in self.names]

    def _value(self, name: str, value: Any) -> Any:
        wrap = self.wraps.get(name)
        return value if wrap is None else wrap(value)

    def row_of(self, answer: PGresult) -> RowMaker[Any]:
        """Return what makes a row of its values."""
        if self.row is None:
            names = [(answer.fname(column) or b"").decode() for column in range(answer.nfields)]
            self.row = cast(RowMaker[Any], _row_class(names)._make)
        return self.row


def _row_class(names: Sequence[str]) -> Any:
    """Return a tuple with names that also tells its `_mapping`, as a row of SQLAlchemy does."""
    plain = cast(Any, namedtuple("Row", names, rename=True))  # a column may be called `class`: `_mapping` has it
    return type(
        "Row", (plain,), {"__slots__": (), "_mapping": property(lambda row: dict(zip(names, row, strict=True)))}
    )


_written: WeakKeyDictionary[Executable, _Written] = WeakKeyDictionary()


async def ask(session: AsyncConnection, question: Executable, told: Told = NOTHING) -> list[Any]:
    """Return the rows of the answer, each with its columns by name; of an act that returns none, an empty list.

    `question` is one that is kept and asked again: built anew each time it is dearer than by `session.execute`.
    Raises SQLAlchemy's errors, as that does, and KeyError where a parameter is not told.
    """
    (rows,) = await ask_each(session, (question, told))
    return rows


async def ask_each(session: AsyncConnection, *asked: Asked, commit: bool = False) -> list[list[Any]]:
    """Return the rows of several answers: they are asked in this order in one message, and none waits for another's.

    The transaction begins in that message too, where none has begun.
    With `commit` the transaction ends in the same message: what the last of them holds, others wait for no longer than
    the store itself takes. Where one fails the others count for nothing: the transaction is broken. Raises as `ask`.
    """
    carrier = _carrier(session)
    written = [(_written.get(question) or _write(question), told) for question, told in asked]
    try:
        answers = await carrier.carry(((one.sql, one.values(told), one.binary) for one, told in written), commit=commit)
    except psycopg.Error as error:
        raise await as_told(session, carrier.connection, error) from error
    pairs = zip(written, answers, strict=True)
    return [carrier.rows(answer, one.row_of(answer)) if answer.ntuples else [] for (one, _), answer in pairs]


def as_one(first: Asked, last: Asked) -> Asked:
    """Return two acts that insert as one question, which costs the store and the driver little more than either.

    Their parameters have names of their own. Nothing is told of the rows that they write.
    """
    assert isinstance(first[0], Insert) and isinstance(last[0], Insert) and first[1].keys().isdisjoint(last[1])
    return _joined(first[0], last[0]), {**first[1], **last[1]}


@lru_cache(maxsize=64)
def _joined(first: Insert, last: Insert) -> Insert:
    return last.add_cte(first.returning(literal_column("1")).cte("first"))


@dataclass(frozen=True, slots=True)
class Reading(Generic[_T]):
    """Questions, and what is made of their rows: `read` gets the rows of each, in their order."""

    read: Callable[..., _T]
    asked: tuple[Asked, ...]

    async def of(self, session: AsyncConnection) -> _T:
        """Ask alone; raises as `ask` does."""
        return self.read(*await ask_each(session, *self.asked))


@dataclass(slots=True)
class Answer(Generic[_T]):
    """What a reading found; there once the block of `together` has ended."""

    reading: Reading[_T]
    rows: Sequence[list[Any]] | None = None

    @property
    def value(self) -> _T:
        """Return what was found."""
        assert self.rows is not None, "the block that asks has not ended"
        return self.reading.read(*self.rows)


@dataclass(slots=True)
class Asker:
    """Takes readings and acts that are sent to the store in one message."""

    answers: list[Answer[Any]] = field(default_factory=list)

    def __call__(self, reading: Reading[_T]) -> Answer[_T]:
        """Take a reading."""
        answer = Answer(reading)
        self.answers.append(answer)
        return answer

    def act(self, question: Executable, told: Told = NOTHING) -> None:
        """Take an act, of which nothing is to be read."""
        self(Reading(len, ((question, told),)))


@asynccontextmanager
async def together(session: AsyncConnection) -> AsyncIterator[Asker]:
    """Send all that the block asks in one message when it ends, in that order; raises as `ask` does."""
    asker = Asker()
    yield asker
    found = iter(await ask_each(session, *(asked for answer in asker.answers for asked in answer.reading.asked)))
    for answer in asker.answers:
        answer.rows = [next(found) for _ in answer.reading.asked]


def _write(question: Executable) -> _Written:
    compiled = cast(SQLCompiler, cast(Any, question).compile(dialect=_DIALECT))
    missing = {name: None for name, bound in compiled.binds.items() if bound.required}
    state = compiled.construct_expanded_state(missing)
    wraps = cast(Mapping[str, _Wrap], {**compiled._bind_processors, **state.processors})
    given = {name: wraps[name](value) if name in wraps else value for name, value in state.parameters.items()}
    written = _written[question] = _Written(
        sql=state.statement.encode(),
        names=tuple(state.positiontup or ()),
        given={name: value for name, value in given.items() if name not in missing},
        wraps={name: wraps[name] for name in missing if name in wraps},
        binary=bool(cast(Any, question).get_execution_options().get(BINARY)),
    )
    return written


def _carrier(session: AsyncConnection) -> Carrier:
    """Return what carries under a session; it stands in the session's transaction, begun where none is."""
    held = session.sync_connection
    assert held is not None
    if not held.in_transaction():
        held.begin()
    found: Carrier | None = held.info.get(_CARRIER)
    if found is None:
        found = held.info[_CARRIER] = Carrier(cast(_Driver, held.connection.driver_connection))
    return found


async def as_told(session: AsyncConnection, connection: _Driver, error: psycopg.Error) -> DBAPIError:
    """Return SQLAlchemy's error for one of the driver's; raises it where the connection is lost with it."""
    if connection.closed:
        await session.exec_driver_sql("SELECT")  # it fails, and so the pool learns that its connections are lost
    told = DBAPIError.instance(None, None, error, cast(Any, psycopg.Error), hide_parameters=True)
    return cast(DBAPIError, told)
