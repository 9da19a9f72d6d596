"""The last seconds of a camera in memory, whole from a key frame on: what a clip needs that no file holds."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingest.recording.writer import Piece, end_of

MOST_BYTES = 48 * 2**20  # a camera; 40 s of 8 Mbit/s


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A stretch that plays alone: what it begins with, its fragments, and when it is."""

    init: bytes
    codec: str
    fragments: tuple[bytes, ...]
    begins_at: datetime
    ends_at: datetime

    @property
    def data(self) -> bytes:
        """Return it as one file."""
        return self.init + b"".join(self.fragments)


@dataclass(slots=True, kw_only=True)
class Ring:
    """Keeps at least `keep_s` seconds, at most `most_bytes`; the oldest goes first, whole groups of pictures."""

    keep_s: float
    most_bytes: int = MOST_BYTES
    size: int = 0
    _kept: deque[Piece] = field(default_factory=deque)

    def put(self, batch: Sequence[Piece]) -> None:
        """Take fragments in their order."""
        for piece in batch:
            self._kept.append(piece)
            self.size += len(piece[1].data)
        self._let_go()

    def cut(self, since: datetime, until: datetime) -> Cut | None:
        """Return what lies between two moments, from the key frame at or before the first; None where nothing does."""
        pieces = list(self._kept)
        keys = [n for n, (_, fragment) in enumerate(pieces) if fragment.key and fragment.at < until]
        if not keys:
            return None
        first = max((n for n in keys if pieces[n][1].at <= since), default=keys[0])
        init = pieces[first][0]
        chosen = []
        for told, fragment in pieces[first:]:
            if fragment.at >= until or told.data != init.data:
                break
            chosen.append(fragment)
        if not chosen or end_of(chosen[-1]) <= since:
            return None
        data = tuple(fragment.data for fragment in chosen)
        return Cut(init=init.data, codec=init.codec, fragments=data, begins_at=chosen[0].at, ends_at=end_of(chosen[-1]))

    def _let_go(self) -> None:
        while self._kept:
            group = self._first_group()
            if group is None and self.size <= self.most_bytes:
                return
            count = len(self._kept) if group is None else group
            newest, after = self._kept[-1][1].at, self._kept[min(count, len(self._kept) - 1)][1].at
            if self.size <= self.most_bytes and newest - after < timedelta(seconds=self.keep_s):
                return
            for _ in range(count):
                self.size -= len(self._kept.popleft()[1].data)

    def _first_group(self) -> int | None:
        """Return how many fragments stand before the second key frame; None where there is but one group."""
        for n, (_, fragment) in enumerate(self._kept):
            if n and fragment.key:
                return n
        return None
