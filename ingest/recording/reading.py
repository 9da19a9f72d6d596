"""Reading what was recorded: which bytes of which files make an interval that plays alone, and those bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from layers.recordings.schema import Recording

READ_BYTES = 256 * 1024


class Unreadable(Exception):
    """A file of a recording is gone or shorter than its row says; its text is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Bytes from `offset` to `end` of one file, without its beginning; when they are, UTC."""

    recording: Recording
    offset: int
    end: int
    begins_at: datetime
    ends_at: datetime

    @property
    def whole(self) -> bool:
        """Say whether it is all of a closed file."""
        one = self.recording
        return one.state == "closed" and self.offset == one.init_size and self.end == one.size

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return self.end - self.offset


def stretch_of(one: Recording, since: datetime, until: datetime) -> Stretch | None:
    """Return what of a file lies in an interval: from the key frame before it to the first whole second behind it."""
    if one.begins_at >= until or one.ends_at <= since or not one.index:
        return None
    from_ms, to_ms = (_ms(one, at) for at in (since, until))
    keys = [(ms, offset) for ms, offset, key in one.index if key]
    if not keys:
        return None
    before = [entry for entry in keys if entry[0] <= from_ms]
    ms, offset = before[-1] if before else keys[0]
    after = next(((m, o) for m, o, _ in one.index if m >= to_ms and o > offset), None)
    begins_at = one.begins_at + timedelta(milliseconds=ms)
    ends_at = one.ends_at if after is None else one.begins_at + timedelta(milliseconds=after[0])
    end = one.size if after is None else after[1]
    return Stretch(recording=one, offset=offset, end=end, begins_at=begins_at, ends_at=ends_at)


def stretches_of(files: Sequence[Recording], since: datetime, until: datetime) -> list[Stretch]:
    """Return what of several files lies in an interval, in their order."""
    found = (stretch_of(one, since, until) for one in files)
    return [one for one in found if one is not None]


def beginning(folder: Path, one: Recording) -> bytes:
    """Return what a file begins with: ftyp and moov."""
    return b"".join(read(folder, one, 0, one.init_size))


def read(folder: Path, one: Recording, offset: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of a file from one offset to another; Unreadable where they are not there."""
    try:
        with (folder / one.path).open("rb") as opened:
            opened.seek(offset)
            while offset < end:
                part = opened.read(min(READ_BYTES, end - offset))
                if not part:
                    raise Unreadable(f"The recording {one.path} is shorter than it was.")
                offset += len(part)
                yield part
    except OSError as error:
        raise Unreadable(
            f"The recording {one.path} cannot be read: {error.strerror or type(error).__name__}."
        ) from None


def _ms(one: Recording, at: datetime) -> float:
    return (at - one.begins_at).total_seconds() * 1000
