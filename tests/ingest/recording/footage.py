"""Footage by hand: fragments of chosen times and sizes, in real boxes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.footage.boxes import TICKS, _box, fragment
from ingest.recording.writer import Piece

START = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)
AVC = b"\x01\x64\x00\x28\xff\xe1\x00\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInit:
    data: bytes
    codec: str = "avc1.640028"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFragment:
    data: bytes
    at: datetime
    key: bool
    duration_s: float


def init(mark: bytes = b"") -> MadeInit:
    """An `ftyp` and a `moov` with a time scale and a codec."""
    mdhd = _box(b"mdhd", bytes(12) + TICKS.to_bytes(4, "big") + bytes(8))
    moov = _box(b"moov", _box(b"trak", _box(b"mdia", mdhd)) + _box(b"avcC", AVC + mark))
    return MadeInit(data=_box(b"ftyp", b"iso5") + moov)


def footage(
    seconds: float,
    *,
    start: datetime = START,
    fps: int = 10,
    key_every: int = 10,
    size: int = 100,
    of: MadeInit | None = None,
    decode_s: float = 0.0,
) -> list[Piece]:
    """So many seconds of frames, a key frame every so many; each frame's bytes are its own."""
    told = of or init()
    made: list[Piece] = []
    for n in range(round(seconds * fps)):
        starts = round((decode_s + n / fps) * TICKS)
        sample = n.to_bytes(4, "big") * max(1, size // 4)
        data = fragment(
            sample, sequence=n + 1, starts=starts, lasts=TICKS // fps, shown_after=0, key=n % key_every == 0
        )
        at = start + timedelta(seconds=n / fps)
        made.append((told, MadeFragment(data=data, at=at, key=n % key_every == 0, duration_s=1 / fps)))
    return made


def bytes_of(pieces: list[Piece]) -> bytes:
    return b"".join(fragment.data for _, fragment in pieces)
