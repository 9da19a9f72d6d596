"""Recordings decoded: pictures with their moments, a few a second, out of bytes that a camera sent once."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import structlog
from av.container import InputContainer

from ingest.recording.reading import Stretch
from ingest.sources.jpegs import TOO_BIG_PX
from ingest.values import Image

log = structlog.get_logger()

APART = timedelta(seconds=0.199)  # of two pictures; the live view picture by picture shows as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A file's beginning and the bytes from `offset` to `end` of it; pictures before `since` are not shown."""

    path: Path
    init_size: int
    begins_at: datetime
    since: datetime
    offset: int | None = None
    end: int | None = None

    @classmethod
    def of(cls, folder: Path, one: Stretch, since: datetime) -> "Film":
        """Return a stretch of a recording as a film."""
        told = one.recording
        return cls(
            path=folder / told.path,
            init_size=told.init_size,
            begins_at=one.begins_at,
            since=since,
            offset=one.offset,
            end=one.end,
        )


class Spliced(io.RawIOBase):
    """A film's bytes as one file that is read on and on."""

    def __init__(self, film: Film) -> None:
        """Open it; raises OSError."""
        self._file = film.path.open("rb")
        offset = film.init_size if film.offset is None else film.offset
        end = film.path.stat().st_size if film.end is None else film.end
        self._parts = [(0, film.init_size), (offset, end)]

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, fewer where a part ends; none at the end."""
        while self._parts:
            at, end = self._parts.pop(0)
            self._file.seek(at)
            wanted = end - at if size < 0 else min(size, end - at)
            if part := self._file.read(wanted):
                self._parts.insert(0, (at + len(part), end))
                return part
        return b""

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()


def pictures(film: Film) -> Iterator[tuple[datetime, Image]]:
    """Yield a film's pictures and when each was; ends where nothing can be made of it. Raises OSError."""
    with Spliced(film) as spliced:
        try:
            with av.open(spliced, "r", format="mp4") as opened:
                yield from _shown(opened, film)
        except av.error.FFmpegError as error:
            log.warning("film_not_shown", path=film.path.name, reason=type(error).__name__)


def _shown(opened: InputContainer, film: Film) -> Iterator[tuple[datetime, Image]]:
    stream, began_s, due = opened.streams.video[0], None, film.since - APART
    stream.codec_context.thread_count = 1
    for packet in opened.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:  # a frame that came broken: the next key frame mends it
            continue
        for frame in frames:
            if frame.width * frame.height > TOO_BIG_PX or frame.time is None:
                continue
            began_s = frame.time if began_s is None else began_s
            at = film.begins_at + timedelta(seconds=frame.time - began_s)
            if at >= due:
                due = at + APART
                yield at, np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
