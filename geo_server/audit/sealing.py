"""Sealing: each second the entries of all transactions that have ended go under one signed root.

What has ended is asked of the store: below the oldest transaction that still runs nothing can appear any more, so
every entry is sealed exactly once, in whichever order transactions commit (decision 11).
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import queries
from geo_server.audit.heads import Head, Heads
from geo_server.audit.merkle import root_of
from geo_server.audit.schema import Checkpoint, Leaf
from geo_server.audit.signing import Signer
from layers import faults
from layers.areas.scope import visit_whole
from layers.database import Session

log = structlog.get_logger()

EVERY_S = 1.0
HEARTBEAT_S = 60.0  # a checkpoint of nothing: silence is proof too
PATIENT_S = 20.0  # for one pass; a store that takes longer counts as one that does not seal
LATE_S, TOO_LATE_S = 20.0, 45.0  # unsealed for so long: stale, down; the alert is asked for within 60 s
MOST = 20_000  # entries in one checkpoint, unless one transaction wrote more
COPIED = 1000  # checkpoints that one pass brings to the copy
NOTHING = bytes(32)  # what the first checkpoint names as the one before

_unsealed = Gauge(
    "qyran_audit_unsealed_seconds", "Age of the oldest entry that is not sealed, or of the last good pass"
)
_sealed = Counter("qyran_audit_sealed_total", "Entries of the audit that were sealed")
_bent = Gauge("qyran_audit_bent", "1 where the store and the copy of its checkpoints outside it contradict each other")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the sealing is, in one word and one sentence."""

    state: Literal["ok", "stale", "down"]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Transactions of one epoch, `from_xid` ≤ xid < `to_xid`."""

    epoch: int
    from_xid: int
    to_xid: int


@dataclass(slots=True)
class Sealer:
    """Seals the audit of a store with the key of a home, and keeps the copy of its checkpoints there."""

    engine: AsyncEngine
    home: Path
    most: int = MOST
    _signer: Signer | None = None
    _told: Head | None = None  # what this process last knew the copy to end with
    _good: float = field(default_factory=time.monotonic)
    _begun: bool = False
    _oldest: datetime | None = None
    _fault: str = ""
    _contradiction: str = ""
    _said: float = -HEARTBEAT_S

    async def run(self) -> None:
        """Seal each second for as long as the server lives; a fault is logged, tells in `state`, and is tried again."""
        _unsealed.set_function(lambda: self.unsealed_s(datetime.now(UTC)))
        while True:
            try:
                async with asyncio.timeout(PATIENT_S):
                    more = await self.look()
            except Exception as error:  # noqa: BLE001 - a sealer that died of the unforeseen would leave the log open
                self._failed(error)
                more = False
            await asyncio.sleep(0 if more else EVERY_S)

    async def look(self) -> bool:
        """Take one pass: seal what is due, unless another server does, and bring the copy up to date.

        True where more is due at once. Raises SQLAlchemyError, OSError or ValueError where it cannot.
        """
        if self._signer is None:
            self._signer = await asyncio.to_thread(Signer.at, self.home)
        async with visit_whole(self.engine) as session:
            more = await queries.may_seal(session) and await self._seal(session, self._signer)
            epoch, _ = await queries.horizon(session)
            oldest = await queries.oldest_since(session, epoch, await queries.sealed_to(session, epoch))
        behind = await self._copy()
        self._oldest, self._good, self._fault, self._begun = oldest, time.monotonic(), "", True
        return more or behind

    def unsealed_s(self, now: datetime) -> float:
        """Return for how many seconds the oldest unsealed entry has waited, or since when nothing could be sealed."""
        waits_s = 0.0 if self._oldest is None else max(0.0, (now - self._oldest).total_seconds())
        silent_s = time.monotonic() - self._good
        return max(waits_s, silent_s if silent_s > 2 * EVERY_S else 0.0)

    def state(self, now: datetime) -> State:
        """Say how it is: down where the store contradicts the copy, or where nothing was sealed for too long."""
        late_s = self.unsealed_s(now)
        if self._contradiction:
            return State(state="down", detail=self._contradiction)
        if late_s >= LATE_S:
            why = f" ({self._fault})" if self._fault else "; a transaction has been open since, or the store is slow"
            return State(
                state="down" if late_s >= TOO_LATE_S else "stale", detail=f"not sealed for {late_s:.0f} s{why}"
            )
        if not self._begun:
            return State(state="ok", detail="sealing begins")
        return State(state="ok", detail=f"sealed up to checkpoint {self._told.seq if self._told else 0}")

    def _failed(self, error: Exception) -> None:
        first, self._fault = not self._fault, type(error).__name__
        if first or time.monotonic() - self._said >= HEARTBEAT_S:
            self._said = time.monotonic()
            log.error(
                "audit_not_sealed", error=faults.told(error), unsealed_s=round(self.unsealed_s(datetime.now(UTC)))
            )

    async def _seal(self, session: Session, signer: Signer) -> bool:
        last = await queries.last_checkpoint(session)
        span, opens = await _due(session, last)
        taken, span = await self._taken(session, span)
        now = datetime.now(UTC)
        if not taken and not opens and last is not None and abs((now - last.at).total_seconds()) < HEARTBEAT_S:
            return False
        await queries.write_checkpoint(session, signer.sign(checkpoint_of(taken, span, last, now)))
        _sealed.inc(len(taken))
        return len(taken) >= self.most or opens

    async def _taken(self, session: Session, span: Span) -> tuple[list[Leaf], Span]:
        """Return what goes under the next root: whole transactions, about `most` entries."""
        found = await queries.leaves(session, span.epoch, span.from_xid, span.to_xid, limit=self.most + 1)
        if len(found) <= self.most:
            return found, span
        to_xid = found[-1].xid if found[-1].xid > found[0].xid else found[0].xid + 1
        span = Span(epoch=span.epoch, from_xid=span.from_xid, to_xid=to_xid)
        return await queries.leaves(session, span.epoch, span.from_xid, to_xid), span

    async def _copy(self) -> bool:
        """Bring the copy up to date, whichever server sealed, unless they contradict; True where more is missing."""
        head = await asyncio.to_thread(self._heads.last)
        async with visit_whole(self.engine) as session:
            told = await self._contradicted(session, head)
            if told:
                self._contradict(told)
                last = await queries.last_checkpoint(session)
                missing = [last] if last is not None and (head is None or last.hash.hex() != head.hash) else []
            else:
                missing = await queries.checkpoints_after(session, head.seq if head else 0, limit=COPIED)
        if missing:
            await asyncio.to_thread(self._heads.append, missing, after=head)
        self._told = await asyncio.to_thread(self._heads.last)
        self._say(missing)
        return len(missing) == COPIED

    async def _contradicted(self, session: Session, head: Head | None) -> str:
        known = self._told
        if known is not None and (head is None or head.seq < known.seq):
            return f"audit/heads.jsonl was cut: it ended at checkpoint {known.seq}"
        if head is None:
            return ""
        if not head.seq:
            return "the end of audit/heads.jsonl cannot be read"
        there = (await queries.checkpoints(session, [head.seq])).get(head.seq)
        if there is None:
            return f"checkpoint {head.seq}, which audit/heads.jsonl names, is gone from the store"
        if there.hash.hex() != head.hash:
            return f"checkpoint {head.seq} is another in the store than in audit/heads.jsonl"
        return ""

    def _contradict(self, told: str) -> None:
        """Keep to it until a person has looked (`./qyran audit verify`) and started the server anew."""
        self._contradiction = self._contradiction or told
        _bent.set(1)
        log.error("audit_bent", what=told)

    def _say(self, sealed: Sequence[Checkpoint]) -> None:
        """Name the newest checkpoint in the log once a minute: one more place that a cut tail would have to reach."""
        if sealed and time.monotonic() - self._said >= HEARTBEAT_S:
            self._said = time.monotonic()
            log.info("audit_sealed", seq=sealed[-1].seq, hash=sealed[-1].hash.hex())

    @property
    def _heads(self) -> Heads:
        return heads_of(self.home)


def heads_of(home: Path) -> Heads:
    """Return the copy of the checkpoints in a home."""
    return Heads(home / "audit" / "heads.jsonl")


def checkpoint_of(taken: Sequence[Leaf], span: Span, last: Checkpoint | None, now: datetime) -> Checkpoint:
    """Return the checkpoint after `last` over these entries; it is not signed yet."""
    return Checkpoint(
        seq=1 if last is None else last.seq + 1,
        at=now,
        epoch=span.epoch,
        from_xid=span.from_xid,
        to_xid=span.to_xid,
        leaves=len(taken),
        root=root_of(leaf.hash for leaf in taken),
        before=NOTHING if last is None else last.hash,
        witness=b"".join(leaf.seen for leaf in taken),
    )


async def _due(session: Session, last: Checkpoint | None) -> tuple[Span, bool]:
    """Return which transactions are due, and whether that opens or ends an epoch.

    A dump that is restored in another cluster brings entries of transactions which that one counts anew: what the old
    one left unsealed is sealed first, as its own.
    """
    epoch, xid = await queries.horizon(session)
    if last is not None and last.epoch == epoch:
        return Span(epoch=epoch, from_xid=last.to_xid, to_xid=max(xid, last.to_xid)), False
    for old in await queries.epochs(session):
        sealed, newest = await queries.sealed_to(session, old), await queries.newest_xid(session, old)
        if old != epoch and newest >= sealed:
            return Span(epoch=old, from_xid=sealed, to_xid=newest + 1), True
    sealed = await queries.sealed_to(session, epoch)
    return Span(epoch=epoch, from_xid=sealed, to_xid=max(xid, sealed)), True
