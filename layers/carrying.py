"""Carrying questions to the store: planned once a connection, sent in one message, answered in their order.

psycopg's own cursors send every question of a pipeline by itself and forget all plans at each ROLLBACK; its own libpq
wrapper (`psycopg.pq`) and its adapters do the same work for half the processor (decision 22).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import abc, generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import RowMaker

PLANS_KEPT = 400  # on a connection; as many as there are questions, each with the types it was asked with

_Plan = tuple[bytes, tuple[int, ...]]  # a question in SQL, and the store's types of its parameters
_BROKEN = {ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED}


@dataclass(frozen=True, slots=True)
class _Put:
    """A question as it goes over the wire."""

    plan: _Plan
    params: Sequence[abc.Buffer | None] | None
    formats: Sequence[Format] | None
    answer: Format


@dataclass(slots=True)
class Carrier:
    """One a connection: knows what is planned there, and how values and rows are put."""

    connection: psycopg.AsyncConnection[Any]
    plans: dict[_Plan, bytes] = field(default_factory=dict)  # the name of each, the one asked last at the end
    made: int = 0
    transformer: abc.Transformer = field(init=False)

    def __post_init__(self) -> None:
        """Know the connection's types."""
        self.transformer = Transformer(self.connection)

    async def carry(
        self, asked: Iterable[tuple[bytes, Sequence[Any], bool]], *, commit: bool = False
    ) -> list[PGresult]:
        """Return what the store answers to these questions in SQL with their values; raises psycopg.Error.

        Each says whether its answer comes in the store's own bytes.

        The transaction begins with them where none has begun, and ends with them by `commit`.
        """
        put = [self._put(*one) for one in asked]  # a value that cannot be put is found before all else
        async with self.connection.lock:
            return await self.connection.wait(self._carried(put, commit))

    def rows(self, answer: PGresult, make: RowMaker[Any]) -> list[Any]:
        """Return the rows of an answer."""
        if not answer.ntuples:
            return []
        self.transformer.set_pgresult(answer)
        found = self.transformer.load_rows(0, answer.ntuples, make)
        self.transformer.set_pgresult(None)
        return found

    def _put(self, sql: bytes, values: Sequence[Any], binary: bool) -> _Put:
        answer = Format.BINARY if binary else Format.TEXT
        if not values:
            return _Put((sql, ()), None, None, answer)
        params = self.transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        return _Put((sql, self.transformer.types or ()), params, self.transformer.formats, answer)

    def _carried(self, asked: Sequence[_Put], commit: bool) -> abc.PQGen[list[PGresult]]:
        wire = self.connection.pgconn
        if wire.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is closed")
        before = [self.connection._get_tx_start_command()] if wire.transaction_status == TransactionStatus.IDLE else []
        if len(self.plans) >= PLANS_KEPT:
            before.append(b"DEALLOCATE " + self.plans.pop(next(iter(self.plans))))
        wire.enter_pipeline_mode()
        try:
            for command in before:
                wire.send_query_params(command, None)
            planned = [self._send(each) for each in asked]
            if commit:
                wire.send_query_params(b"COMMIT", None)
            wire.pipeline_sync()
            answers = yield from self._fetched()
        finally:
            self._leave()
        return self._read(answers, len(before), planned)

    def _send(self, put: _Put) -> _Plan | None:
        """Send one; return its plan where that is made first."""
        wire, name = self.connection.pgconn, self.plans.pop(put.plan, None)
        made = None
        if name is None:
            self.made += 1
            name, made = b"qyran_%d" % self.made, put.plan
            wire.send_prepare(name, *put.plan)
        self.plans[put.plan] = name
        wire.send_query_prepared(name, put.params, put.formats, put.answer)
        return made

    def _fetched(self) -> abc.PQGen[list[PGresult]]:
        """Return each answer up to the end of the message."""
        wire, answers = self.connection.pgconn, list[PGresult]()
        yield from generators.send(wire)
        while True:
            found = yield from generators.fetch_many(wire)
            if not found:
                raise psycopg.OperationalError("the connection was lost")
            if found[0].status == ExecStatus.PIPELINE_SYNC:
                return answers
            answers += found

    def _leave(self) -> None:
        """Leave the pipeline; where something is still on its way, which is by an interruption, nobody reads it."""
        wire = self.connection.pgconn
        if wire.status != ConnStatus.OK:
            return
        try:
            wire.exit_pipeline_mode()
        except psycopg.OperationalError:
            wire.finish()

    def _read(self, answers: Sequence[PGresult], before: int, planned: Sequence[_Plan | None]) -> list[PGresult]:
        """Forget the plans that were not made, raise the first fault, and return the answers to what was asked."""
        found, rest = list[PGresult](), iter(answers[before:])
        for made in planned:
            if made is not None and next(rest).status != ExecStatus.COMMAND_OK:
                self.plans.pop(made, None)
            found.append(next(rest))
        fault = next((answer for answer in answers if answer.status in _BROKEN), None)
        if fault is not None:
            raise psycopg.errors.error_from_result(fault)
        return found
