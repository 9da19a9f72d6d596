"""Walking a fragmented MP4 by its boxes (ISO/IEC 14496-12): where each fragment stands, when it is, whether whole.

Only headers are read, and the small boxes that tell times; the pictures themselves are passed over.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingest.footage.boxes import codec_name
from ingest.footage.units import Codec

NON_SYNC = 0x10000  # sample_is_non_sync_sample of a sample's flags (8.8.3.1)
MOST_BYTES = 64 * 2**20  # of a box that is read whole; beyond that it is no fragment of ours
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One fragment: bytes from the file's beginning, seconds of its decode time."""

    offset: int
    size: int
    decode_s: float
    duration_s: float
    key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What stands in a file: its beginning (ftyp and moov), its whole fragments, and where the last of them ends."""

    init_size: int
    codec: str
    parts: tuple[Part, ...]
    whole: int


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    offset: int
    size: int
    head: int


def walk(file: BinaryIO) -> Walked:
    """Return what of a file is whole, up to the first box that is not; its bytes never raise."""
    total, init, codec, scale, defaults = os.fstat(file.fileno()).st_size, 0, "", 0, (0, 0)
    parts: list[Part] = []
    pending: _Box | None = None
    for box in _boxes(file, total):
        if box.kind == b"moov" and box.size <= MOST_BYTES:
            moov = _body(file, box)
            init, codec, scale, defaults = box.offset + box.size, codec_of(moov), _timescale(moov), _defaults(moov)
        elif box.kind == b"moof":
            pending = box if init and box.size <= MOST_BYTES else None
        elif box.kind == b"mdat" and pending is not None:
            told = _times(_body(file, pending), defaults)
            if told is None:
                break
            decode, duration, key = told
            size = box.offset + box.size - pending.offset
            parts.append(
                Part(offset=pending.offset, size=size, decode_s=decode / scale, duration_s=duration / scale, key=key)
            )
            pending = None
    return Walked(init_size=init, codec=codec, parts=tuple(parts), whole=_end(parts, init))


def _end(parts: list[Part], init: int) -> int:
    return parts[-1].offset + parts[-1].size if parts else init


def _boxes(file: BinaryIO, total: int) -> Iterator[_Box]:
    """Yield the boxes of the first level that are whole."""
    offset = 0
    while offset + 8 <= total:
        file.seek(offset)
        box = _header(file.read(16), offset)
        if box is None or box.offset + box.size > total:
            return
        yield box
        offset += box.size


def _header(read: bytes, offset: int) -> _Box | None:
    if len(read) < 8:
        return None
    size, kind, head = int.from_bytes(read[:4], "big"), read[4:8], 8
    if size == 1 and len(read) == 16:
        size, head = int.from_bytes(read[8:16], "big"), 16
    return _Box(kind, offset, size, head) if size >= head else None


def _body(file: BinaryIO, box: _Box) -> bytes:
    file.seek(box.offset + box.head)
    return file.read(box.size - box.head)


def _within(data: bytes, wanted: bytes) -> bytes | None:
    """Return the body of the first box of a kind, at any depth of the containers."""
    offset = 0
    while (box := _header(data[offset : offset + 16], offset)) is not None and offset + box.size <= len(data):
        body = data[offset + box.head : offset + box.size]
        if box.kind == wanted:
            return body
        if box.kind in _CONTAINERS and (found := _within(body, wanted)) is not None:
            return found
        offset += box.size
    return None


def _timescale(moov: bytes) -> int:
    """Return the units a second of the track's times (mdhd, 8.4.2)."""
    head = _within(moov, b"mdhd") or b""
    at = 20 if head[:1] == b"\x01" else 12
    return int.from_bytes(head[at : at + 4], "big") or 1


def _defaults(moov: bytes) -> tuple[int, int]:
    """Return duration and flags of a sample where the fragment says none (trex, 8.8.3)."""
    told = _within(moov, b"trex") or bytes(24)
    return (0, 0) if len(told) < 24 else struct.unpack(">I4xI", told[12:24])


def _times(moof: bytes, defaults: tuple[int, int]) -> tuple[int, int, bool] | None:
    """Return decode time, duration and whether its first sample is a key frame; None where they do not stand there."""
    head, decode, run = _within(moof, b"tfhd"), _within(moof, b"tfdt"), _within(moof, b"trun")
    if head is None or decode is None or run is None:
        return None
    try:
        duration, flags = _of_head(head, defaults)
        began = int.from_bytes(decode[4:12] if decode[0] == 1 else decode[4:8], "big")
        total, first = _of_run(run, duration, flags)
    except (struct.error, IndexError):
        return None
    return began, total, not first & NON_SYNC


def _of_head(head: bytes, defaults: tuple[int, int]) -> tuple[int, int]:
    told, at, (duration, flags) = int.from_bytes(head[1:4], "big"), 8, defaults
    at += 8 * bool(told & 0x1) + 4 * bool(told & 0x2)
    if told & 0x8:
        duration, at = struct.unpack_from(">I", head, at)[0], at + 4
    at += 4 * bool(told & 0x10)
    if told & 0x20:
        flags = struct.unpack_from(">I", head, at)[0]
    return duration, flags


def _of_run(run: bytes, duration: int, flags: int) -> tuple[int, int]:
    """Return the run's whole duration and the flags of its first sample (trun, 8.8.8)."""
    told, count, at, total = int.from_bytes(run[1:4], "big"), struct.unpack_from(">I", run, 4)[0], 8, 0
    at += 4 * bool(told & 0x1)
    first = None
    if told & 0x4:
        first, at = struct.unpack_from(">I", run, at)[0], at + 4
    for _ in range(min(count, 10_000)):
        if told & 0x100:
            total, at = total + struct.unpack_from(">I", run, at)[0], at + 4
        else:
            total += duration
        at += 4 * bool(told & 0x200)
        if told & 0x400:
            first = struct.unpack_from(">I", run, at)[0] if first is None else first
            at += 4
        at += 4 * bool(told & 0x800)
    return total, flags if first is None else first


def codec_of(moov: bytes) -> str:
    """Return the codec as RFC 6381 writes it, so that a browser can say whether it plays it; "" where unknown."""
    kinds: dict[bytes, Codec] = {b"avcC": "h264", b"hvcC": "hevc"}
    kind = next((codec for name, codec in kinds.items() if name in moov), None)
    try:
        return codec_name(moov, kind) if kind else ""
    except (IndexError, ValueError):
        return ""


def began_s(path: Path, offset: int) -> float:
    """Return the decode time, in seconds, of the fragment at an offset of a file; 0 where none stands there."""
    try:
        with path.open("rb") as file:
            scale, total = 1, os.fstat(file.fileno()).st_size
            for box in _boxes(file, total):
                if box.kind == b"moov":
                    scale = _timescale(_body(file, box))
                    break
            file.seek(offset)
            moof = _header(file.read(16), offset)
            if moof is None or moof.kind != b"moof" or moof.size > MOST_BYTES:
                return 0.0
            told = _times(_body(file, moof), (0, 0))
            return 0.0 if told is None else told[0] / scale
    except OSError:
        return 0.0
