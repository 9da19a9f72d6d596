"""One camera that is recorded: what its subscription brings goes into its files or its ring; how it fares is told."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest.footage.feeds import Feed
from ingest.footage.fragments import Fragment, Init
from ingest.footage.subscription import Subscription
from ingest.recording.disk import Disk, Trouble
from ingest.recording.ledger import GapEnds, Ledger
from ingest.recording.ring import Ring
from ingest.recording.writer import Outcome, Piece, Recorded, Writer, end_of
from layers.recordings.queries import Chosen
from layers.recordings.schema import Gap, State

QUIET_S = 5.0  # a camera that brings nothing for longer has a gap
AGAIN_S = 5.0  # a disk that failed is tried again after so long
STATE_S = 10.0  # how often a state is told that has not changed
MOST_WAITING = 32 * 2**20  # bytes that wait for a slow disk, a camera


@dataclass(slots=True, kw_only=True)
class Keeping:
    """The recording of one camera; `turn` once a second, never two at a time."""

    chosen: Chosen
    folder: Path
    feed: Feed
    ledger: Ledger
    disk: Disk
    ring_s: float
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    busy: bool = False
    ring: Ring | None = None
    _writer: Writer = field(init=False)
    _from: Subscription = field(init=False)
    _init: Init | None = None
    _lost: int = 0
    _last_at: datetime = field(init=False)  # when what came last ended, or since when it is waited for
    _heard_s: float = field(init=False)  # when something last came, by a clock that nobody sets
    _gap: str | None = "unknown"  # the reason of the gap that is open; after a start nobody knows whether one is
    _again_s: float | None = None  # when a disk that failed is tried again, by that clock
    _told: State | None = None

    def __post_init__(self) -> None:
        """Subscribe; the stream opens where it is not open."""
        recorded = Recorded(id=self.chosen.id, code=self.chosen.code, retention=self.chosen.retention)
        self._writer = Writer(self.folder, recorded, self.disk)
        self._from = self.feed.subscribe(most_bytes=MOST_WAITING)
        self._last_at, self._heard_s = self.now(), time.monotonic()
        self.ring = Ring(keep_s=self.ring_s) if self.chosen.mode == "events" else None

    def turn(self) -> None:
        """Take what came and keep it; blocks on the disk."""
        batch, now = self._fetched(), self.now()
        if self.ring is not None:
            self.ring.put(batch)
            self._came(batch, now, "ring")
        elif self._again_s is None or time.monotonic() >= self._again_s:
            self._handle(self._writer.write(batch) if batch else Outcome(), batch, now)

    def end(self) -> None:
        """Give the subscription back and close the file."""
        self._from.close()
        self.ledger.tell(*self._writer.close().written)

    def give_up(self) -> None:
        """End because this camera is to be recorded no more, or otherwise: what is missing from now on is no gap."""
        self.end()
        self._gap_ends(self.now())

    def _fetched(self) -> list[Piece]:
        pieces: list[Piece] = []
        for one in self._from.fetch():
            if isinstance(one, Fragment):
                pieces += [] if self._init is None else [(self._init, one)]
            else:
                self._init = one
        return pieces

    def _handle(self, outcome: Outcome, batch: Sequence[Piece], now: datetime) -> None:
        self.ledger.tell(*outcome.written)
        if outcome.trouble is not None:
            self._fail(outcome.trouble, now)
            return
        self._again_s = None
        self._slow(batch, now)
        if outcome.written and self._gap is not None:
            self._gap_ends(outcome.written[-1].begins_at)
        safe = outcome.written[-1].ends_at if outcome.written else None
        self._came(batch if outcome.written else (), now, "recording", safe)

    def _came(self, batch: Sequence[Piece], now: datetime, state: str, safe: datetime | None = None) -> None:
        """Tell that it goes on, or that for too long nothing came."""
        if batch:
            self._last_at, self._heard_s = end_of(batch[-1][1]), time.monotonic()
            self._gap = None if self.ring is not None else self._gap
            self._tell(State(camera_id=self.chosen.id, at=now, state=state, safe_until=safe))
        elif time.monotonic() - self._heard_s > QUIET_S:
            self._gap_begins("no_footage", self._last_at)
            self._tell(self._waiting(now))

    def _waiting(self, now: datetime) -> State:
        health = self.feed.health()
        why = (health and health.reason) or Trouble(reason="no_footage").sentence
        return State(camera_id=self.chosen.id, at=now, state="waiting", reason="no_footage", sentence=why)

    def _fail(self, trouble: Trouble, now: datetime) -> None:
        self._again_s = time.monotonic() + AGAIN_S
        self._gap_begins(trouble.reason, self._last_at)
        told = State(
            camera_id=self.chosen.id, at=now, state="failing", reason=trouble.reason, sentence=trouble.sentence
        )
        self._tell(told)

    def _slow(self, batch: Sequence[Piece], now: datetime) -> None:
        """Tell what a slow disk made the subscription let go of, once something has come behind it."""
        if not batch:
            return
        lost, self._lost = self._from.lost - self._lost, self._from.lost
        if lost and self._gap is None and self.ring is None:
            ends = max(batch[0][1].at, self._last_at)
            gap = Gap(camera_id=self.chosen.id, begins_at=self._last_at, ends_at=ends, reason="too_slow")
            self.ledger.gap(gap)

    def _gap_begins(self, reason: str, at: datetime) -> None:
        if self._gap in (None, "unknown") and self.ring is None:
            self.ledger.gap(Gap(camera_id=self.chosen.id, begins_at=at, ends_at=None, reason=reason))
            self._gap = reason

    def _gap_ends(self, at: datetime) -> None:
        self.ledger.gap(GapEnds(camera_id=self.chosen.id, at=at))
        self._gap = None

    def _tell(self, state: State) -> None:
        """Tell a state that changed, and now and then one that did not."""
        told = self._told
        same = told is not None and (told.state, told.reason) == (state.state, state.reason)
        if told is None or not same or abs((state.at - told.at).total_seconds()) >= STATE_S:
            self._told = state
            self.ledger.state(state)
