"""The frames of a `.osm.pbf`: walked before anything is read, so that a broken file never reaches the store."""

import struct
from pathlib import Path
from typing import BinaryIO

from ingest.city.errors import DamagedFile, MissingFile, NotAPbf

_HEADER_AT_MOST = 64 * 1024  # https://wiki.openstreetmap.org/wiki/PBF_Format: a BlobHeader must be below 64 KiB
_BLOB_AT_MOST = 32 * 1024 * 1024


def check(path: Path) -> int:
    """Return how many data frames the file has; raises MissingFile, NotAPbf or DamagedFile, each with its sentence."""
    try:
        with path.open("rb") as file:
            return _walk(path, file, path.stat().st_size)
    except OSError as error:
        raise MissingFile(path) from error


def _walk(path: Path, file: BinaryIO, size: int) -> int:
    kinds: list[bytes] = []
    while file.tell() < size:
        kind, length = _frame(path, file, first=not kinds)
        if file.tell() + length > size:
            raise DamagedFile(path, "it breaks off in the middle")
        file.seek(length, 1)
        kinds.append(kind)
    if not kinds:
        raise NotAPbf(path)
    return kinds.count(b"OSMData")


def _frame(path: Path, file: BinaryIO, *, first: bool) -> tuple[bytes, int]:
    prefix = file.read(4)
    length = struct.unpack(">I", prefix)[0] if len(prefix) == 4 else 0
    header = file.read(length) if 0 < length < _HEADER_AT_MOST else b""
    kind, blob = _blob_header(header)
    good = len(header) == length > 0 and blob <= _BLOB_AT_MOST and (kind == b"OSMHeader" if first else bool(kind))
    if not good:
        raise NotAPbf(path) if first else DamagedFile(path, "it breaks off in the middle")
    return kind, blob


def _blob_header(header: bytes) -> tuple[bytes, int]:
    """Return type (field 1) and datasize (field 3) of a BlobHeader message; nothing of what cannot be read."""
    kind, size, at = b"", 0, 0
    while at < len(header):
        key, at = _varint(header, at)
        value, at = _varint(header, at)
        if key & 7 == 2:
            kind, at = (header[at : at + value] if key >> 3 == 1 else kind), at + value
        elif key >> 3 == 3:
            size = value
    return kind, size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at
