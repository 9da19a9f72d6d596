"""Verifying: everything is read and computed again, and each contradiction is said with where it is.

Nothing is held for the whole log: entries and checkpoints come by cursors of the store, so a log of any length is
verified in the same memory.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from geo_server.audit import queries
from geo_server.audit.heads import Head, Heads
from geo_server.audit.merkle import root_of
from geo_server.audit.schema import Checkpoint, Leaf, leaf_of, stamp
from geo_server.audit.sealing import NOTHING
from geo_server.audit.signing import Keys
from layers.database import Session

Kind = Literal[
    "edited", "deleted", "added", "rewritten", "broken_chain", "wrong_signature", "cut_tail", "copy", "unsealed"
]

TOLD = 100  # findings of one kind that are said; the others are counted
UNSEALED_S = 60.0  # an entry that is older must stand under a checkpoint
COPY_LAGS_S = 10.0  # between the commit of a checkpoint and its line in the copy
_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One contradiction, said in a sentence; `entry` is an id of the audit, `checkpoint` a number."""

    kind: Kind
    said: str
    entry: int | None = None
    checkpoint: int | None = None


@dataclass(slots=True)
class Report:
    """What was read and what was found; `more` counts the findings that are not said one by one."""

    entries: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    sealed_at: datetime | None = None
    findings: list[Finding] = field(default_factory=list)
    more: dict[Kind, int] = field(default_factory=dict)
    _told: dict[Kind, int] = field(default_factory=dict)

    def find(self, kind: Kind, said: str, *, entry: int | None = None, checkpoint: int | None = None) -> None:
        """Add one finding."""
        self._told[kind] = self._told.get(kind, 0) + 1
        if self._told[kind] > TOLD:
            self.more[kind] = self.more.get(kind, 0) + 1
        else:
            self.findings.append(Finding(kind=kind, said=said, entry=entry, checkpoint=checkpoint))


class _Entries:
    """The entries of one epoch in the order of sealing, with a look at the next."""

    def __init__(self, rows: AsyncIterator[Mapping[str, Any]]) -> None:
        self._rows, self._begun = rows, False
        self._next: Mapping[str, Any] | None = None

    async def before(self, xid: int | None) -> AsyncIterator[Mapping[str, Any]]:
        """Take the entries of the transactions before that one, all where None."""
        if not self._begun:
            self._begun, self._next = True, await anext(self._rows, None)
        while self._next is not None and (xid is None or self._next["xid"] < xid):
            row = self._next
            self._next = await anext(self._rows, None)
            yield row


async def verify(session: Session, keys: Keys, copy: Heads, *, copied: int | None, now: datetime) -> Report:
    """Verify all that the session sees; `copied` is the size of the copy, taken before the session began.

    `session` is one of `queries.as_it_stands`: it sees every row, as they stood at one moment.
    """
    report = Report()
    walk = _Walk(session, keys, report)
    async for checkpoint in queries.every_checkpoint(session):
        await walk.step(checkpoint)
    await walk.rest(now)
    await _check_personal(session, report)
    await _compare_copy(session, report, copy, copied, walk.last, now)
    return report


async def _check_personal(session: Session, report: Report) -> None:
    for entry, name in await queries.bent_personal(session, limit=TOLD):
        said = f"Entry {entry}: the personal value `{name}` is not what the entry committed to."
        report.find("edited", said, entry=entry)
    for entry, name in await queries.lost_personal(session, limit=TOLD):
        said = f"Entry {entry}: the personal value `{name}` is gone, and no erasure tells of it."
        report.find("deleted", said, entry=entry)


@dataclass(slots=True)
class _Walk:
    """Goes from checkpoint to checkpoint, each with the entries that stand under it."""

    session: Session
    keys: Keys
    report: Report
    last: Checkpoint | None = None
    sealed_to: dict[int, int] = field(default_factory=dict)  # epoch → the first transaction not sealed
    entries: dict[int, _Entries] = field(default_factory=dict)

    async def step(self, one: Checkpoint) -> None:
        """Verify one checkpoint: its place in the chain, its signature, what it sealed."""
        self._check_chain(one)
        if not self.keys.signed(one):
            known = (
                "has another text than was signed" if one.key_id in self.keys.known else "is signed by a foreign key"
            )
            self._find("wrong_signature", one, f"{known} ({one.key_id})")
        await self._check_entries(one)
        self.report.checkpoints, self.report.sealed_at = self.report.checkpoints + 1, one.at
        self.last, self.sealed_to[one.epoch] = one, one.to_xid

    async def rest(self, now: datetime) -> None:
        """Read what stands under no checkpoint yet: that of the last minute is waiting, older is a finding."""
        for epoch in await queries.epochs(self.session):
            async for row in self._of(epoch).before(None):
                self._check_leaf(row)
                self.report.unsealed += 1
                if (now - row["at"]).total_seconds() > UNSEALED_S:
                    said = f"Entry {row['id']} of {stamp(row['at'])} stands under no checkpoint."
                    self.report.find("unsealed", said, entry=row["id"])

    def _check_chain(self, one: Checkpoint) -> None:
        before, seq = (NOTHING, 0) if self.last is None else (self.last.hash, self.last.seq)
        if one.seq != seq + 1:
            gone = f"{seq + 1}" if one.seq == seq + 2 else f"{seq + 1} to {one.seq - 1}"
            said = f"Checkpoint {gone} is gone from before checkpoint {one.seq}."
            self.report.find("broken_chain", said, checkpoint=seq + 1)
        elif one.before != before:
            self._find("broken_chain", one, "does not name the one before it as that stands now")
        if one.from_xid != self.sealed_to.get(one.epoch, 0):
            self._find("broken_chain", one, "does not begin where the one before it ended")

    async def _check_entries(self, one: Checkpoint) -> None:
        there: dict[int, bytes] = {}
        leaves: list[bytes] = []
        bent: set[int] = set()
        async for row in self._of(one.epoch).before(one.to_xid):
            leaf = Leaf(id=row["id"], xid=row["xid"], leaf=bytes(row["leaf"]))
            leaves.append(leaf.hash)
            there[leaf.id] = leaf.hash[:4]
            if not self._check_leaf(row, one):
                bent.add(leaf.id)
        if len(leaves) != one.leaves or root_of(leaves) != one.root:
            self._tell_apart(one, there, bent)

    def _check_leaf(self, row: Mapping[str, Any], one: Checkpoint | None = None) -> bool:
        self.report.entries += 1
        if bytes(row["leaf"]) == leaf_of(row):
            return True
        under = "" if one is None else f", under checkpoint {one.seq} of {stamp(one.at)}"
        said = f"Entry {row['id']} was edited: its text is not the one its leaf was taken of{under}."
        self.report.find("edited", said, entry=row["id"], checkpoint=None if one is None else one.seq)
        return False

    def _tell_apart(self, one: Checkpoint, there: dict[int, bytes], bent: set[int]) -> None:
        """Say which entries differ from those sealed. The witness only helps to say where; the root is the proof."""
        sealed = one.sealed
        differ = {i for i in there.keys() & sealed.keys() if there[i] != sealed[i]} - bent
        found: tuple[tuple[Kind, set[int], str], ...] = (
            ("deleted", sealed.keys() - there.keys(), "was deleted: it was sealed"),
            ("added", there.keys() - sealed.keys(), "was added later: it was not sealed"),
            ("edited", differ, "was edited together with its leaf: another was sealed"),
        )
        for kind, ids, what in found:
            for i in sorted(ids):
                said = f"Entry {i} {what} under checkpoint {one.seq} of {stamp(one.at)}."
                self.report.find(kind, said, entry=i, checkpoint=one.seq)
        if not bent and not any(ids for _, ids, _ in found):
            self._find("rewritten", one, f"does not stand for its entries: {one.leaves} sealed, {len(there)} there")

    def _find(self, kind: Kind, one: Checkpoint, what: str) -> None:
        self.report.find(kind, f"Checkpoint {one.seq} of {stamp(one.at)} {what}.", checkpoint=one.seq)

    def _of(self, epoch: int) -> _Entries:
        if epoch not in self.entries:
            self.entries[epoch] = _Entries(queries.every_entry(self.session, epoch))
        return self.entries[epoch]


async def _compare_copy(
    session: Session, report: Report, copy: Heads, size: int | None, last: Checkpoint | None, now: datetime
) -> None:
    """Hold the copy outside the store against it, line by line, a thousand at a time."""
    if size is None:
        if last is not None:
            report.find("copy", "There is no copy outside the store: a cut tail would not show.", checkpoint=last.seq)
        return
    lines, seq = copy.read(size), 0
    while batch := list(islice(lines, _BATCH)):
        seq = _check_order(report, batch, seq)
        await _check_lines(session, report, batch)
    behind = 0 if last is None else last.seq - seq
    if last is not None and behind > 1 and (now - last.at).total_seconds() > COPY_LAGS_S:
        said = f"The copy outside the store ends at checkpoint {seq}, the store at {last.seq}: the copy is old or cut."
        report.find("copy", said, checkpoint=seq + 1)


def _check_order(report: Report, batch: Iterable[Head], seq: int) -> int:
    for head in batch:
        if not head.seq:
            report.find("copy", f"Line {head.line} of the copy outside the store cannot be read.")
            continue
        if head.seq != seq + 1:
            said = f"Line {head.line} of the copy outside the store goes from checkpoint {seq} to {head.seq}:"
            said += " there the store, or the copy, was cut."
            report.find("copy", said, checkpoint=min(seq, head.seq - 1) + 1)
        seq = head.seq
    return seq


async def _check_lines(session: Session, report: Report, batch: list[Head]) -> None:
    there = await queries.checkpoints(session, [head.seq for head in batch])
    for head in batch:
        one = there.get(head.seq)
        if head.seq and one is None:
            said = f"Checkpoint {head.seq}, which the copy outside the store names, is gone: the tail was cut."
            report.find("cut_tail", said, checkpoint=head.seq)
        elif one is not None and one.hash.hex() != head.hash:
            said = f"Checkpoint {head.seq} of {stamp(one.at)} is another than the copy outside the store names."
            report.find("rewritten", said, checkpoint=head.seq)
