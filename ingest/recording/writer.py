"""One camera's files: five minutes each, original bytes, written once a second, hashed as they are written."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from ingest.recording.disk import Disk, Trouble, trouble_of
from layers.recordings.schema import Index, Written

FILE_S = 300  # a file ends with the five minutes of the clock that it began in
TORN_S = 2.0  # a key frame further from what was before it than this begins another stretch
STALLED_S = 10.0  # so late another frame may be: it shows nothing without the pictures before it
MOST_BYTES = 2 * 2**30  # a file beyond this ends at its next key frame
INDEX_MS = 1000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


class Init(Protocol):
    """What a stream begins with: ftyp and moov."""

    @property
    def data(self) -> bytes:
        """Return its bytes."""

    @property
    def codec(self) -> str:
        """Return the codec as RFC 6381 writes it."""


class Fragment(Protocol):
    """One moof with its mdat; `at` when it began, UTC."""

    @property
    def data(self) -> bytes:
        """Return its bytes."""

    @property
    def at(self) -> datetime:
        """Return when it began."""

    @property
    def key(self) -> bool:
        """Say whether it begins with a key frame."""

    @property
    def duration_s(self) -> float:
        """Return how long it is."""


Piece = tuple[Init, Fragment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Which camera is written, and for how long its files are kept."""

    id: int
    code: str
    retention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a batch came to: how far which files are, and what went wrong."""

    written: tuple[Written, ...] = ()
    trouble: Trouble | None = None


@dataclass(slots=True, kw_only=True)
class _Open:
    file: int
    path: str
    init: Init
    begins_at: datetime
    ends_at: datetime
    size: int = 0  # written, synced and hashed
    index: list[tuple[int, int, int]] = field(default_factory=list)
    hashed: "hashlib._Hash" = field(default_factory=hashlib.sha256)


def folder_of(code: str, camera_id: int) -> str:
    """Return the folder of a camera: its code, made safe where it holds what a file's name may not."""
    safe = _UNSAFE.sub("_", code).strip(".")
    return code if safe == code and code else f"{safe or 'camera'}~{camera_id}"


def slot_of(at: datetime) -> int:
    """Return which five minutes since 1970 a moment lies in."""
    return int(at.timestamp()) // FILE_S


class Writer:
    """Writes one camera, one caller at a time. A fault ends the file at its last whole batch and is told."""

    def __init__(self, folder: Path, camera: Recorded, disk: Disk) -> None:
        """Take the folder of all recordings, the camera and the disk; nothing is opened yet."""
        self._folder, self._camera, self._disk = folder, camera, disk
        self._open: _Open | None = None

    def write(self, batch: Sequence[Piece]) -> Outcome:
        """Write fragments in their order and make them safe."""
        told: list[Written] = []
        try:
            for run in self._runs(batch, told):
                self._append(run)
        except OSError as error:
            return Outcome(written=(*told, *self._given_up()), trouble=trouble_of(error))
        return Outcome(written=(*told, *([self._told(self._open)] if self._open else [])))

    def close(self) -> Outcome:
        """End the open file."""
        return Outcome(written=tuple(self._given_up()))

    def _runs(self, batch: Sequence[Piece], told: list[Written]) -> Iterator[list[Fragment]]:
        """Yield what goes into the open file, opening the next one where it is due."""
        run: list[Fragment] = []
        for init, fragment in batch:
            last = run[-1] if run else None
            if self._open is not None and not self._ends(self._open, last, init, fragment):
                run.append(fragment)
                continue
            if run:
                yield run
            run = []
            told += self._given_up()
            if fragment.key:
                self._begin(init, fragment)
                run = [fragment]
        if run:
            yield run

    def _ends(self, opened: _Open, last: Fragment | None, init: Init, fragment: Fragment) -> bool:
        before = opened.ends_at if last is None else end_of(last)
        torn = abs((fragment.at - before).total_seconds()) > (TORN_S if fragment.key else STALLED_S)
        due = fragment.key and (slot_of(fragment.at) != slot_of(opened.begins_at) or opened.size > MOST_BYTES)
        return torn or due or (init is not opened.init and init.data != opened.init.data)

    def _begin(self, init: Init, fragment: Fragment) -> None:
        at = fragment.at.astimezone(UTC)
        folder = Path(folder_of(self._camera.code, self._camera.id)) / at.strftime("%Y/%m/%d")
        for attempt in range(1000):
            name = folder / f"{at:%H%M%S}{f'-{attempt}' if attempt else ''}.mp4"
            try:
                file = self._disk.create(self._folder / name)
            except FileExistsError:
                continue
            self._open = _Open(file=file, path=str(name), init=init, begins_at=at, ends_at=at)
            return
        raise OSError("no name is free")

    def _append(self, run: Sequence[Fragment]) -> None:
        assert self._open is not None
        opened = self._open
        head = b"" if opened.size else opened.init.data
        data = b"".join([head, *(fragment.data for fragment in run)])
        try:
            self._disk.write(opened.file, data)
            self._disk.sync(opened.file)
        except OSError:
            self._disk.cut(opened.file, opened.size)
            raise
        opened.hashed.update(data)
        _index(opened, run, opened.size + len(head))
        opened.size += len(data)
        opened.ends_at = end_of(run[-1])

    def _given_up(self) -> list[Written]:
        """Let go of the open file and tell how it ended; an empty one leaves nothing behind."""
        opened, self._open = self._open, None
        if opened is None:
            return []
        try:
            self._disk.close(opened.file)
            if not opened.size:
                self._disk.remove(self._folder / opened.path)
        except OSError:  # what stands is safe already; recovery looks at the rest
            pass
        return [self._told(opened, closed=True)] if opened.size else []

    def _told(self, opened: _Open, *, closed: bool = False) -> Written:
        return Written(
            camera_id=self._camera.id,
            path=opened.path,
            begins_at=opened.begins_at,
            ends_at=opened.ends_at,
            size=opened.size,
            init_size=len(opened.init.data),
            codec=opened.init.codec,
            index=tuple(opened.index),
            retention=self._camera.retention,
            sha256=opened.hashed.digest() if closed else None,
        )


def end_of(fragment: Fragment) -> datetime:
    """Return when a fragment ends."""
    return fragment.at.astimezone(UTC) + timedelta(seconds=max(fragment.duration_s, 0.0))


def _index(opened: _Open, run: Sequence[Fragment], offset: int) -> None:
    """Add each key frame, and at least one fragment a second."""
    for fragment in run:
        ms = max(0, round((fragment.at - opened.begins_at).total_seconds() * 1000))
        if fragment.key or not opened.index or ms - opened.index[-1][0] >= INDEX_MS:
            opened.index.append((ms, offset, int(fragment.key)))
        offset += len(fragment.data)


def indexed(parts: Sequence[tuple[float, int, bool]]) -> Index:
    """Return the index of fragments by (seconds since the file's beginning, offset, key), as `_index` makes it."""
    made: list[tuple[int, int, int]] = []
    for seconds, offset, key in parts:
        ms = max(0, round(seconds * 1000))
        if key or not made or ms - made[-1][0] >= INDEX_MS:
            made.append((ms, offset, int(key)))
    return tuple(made)
