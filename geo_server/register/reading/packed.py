"""Packed files: what they hold is looked at before a byte of it is unpacked, so that a bomb stays a small file."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from geo_server.register.reading.table import MOST_UNPACKED_BYTES, Unreadable

MOST_PARTS = 2000
STEEPEST = 400  # to one; text packs 5 to 30 times, a bomb a thousand times
STEEP_FROM = 20_000_000  # bytes: what is smaller may be as steep as it likes
MOST_STRINGS_BYTES = 300_000_000  # of an XLSX's shared strings, which are held in memory
_CHUNK = 1 << 20
# What a part that was let at ends in where it is damaged: its header, its checksum, its stream, its end, its place.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of OPC and of Shapefiles
_NOT_READ = 0b110_0001  # flags: encrypted, patched, strongly encrypted


def opened(path: Path) -> zipfile.ZipFile:
    """Open a packed file; raises Unreadable where it is none, or would be too large unpacked."""
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unreadable("damaged", value=type(error).__name__) from None
    parts = packed.infolist()
    steep = any(one.file_size > max(STEEP_FROM, STEEPEST * one.compress_size) for one in parts)
    # zipfile reads no more of a part than its entry says, so that these sizes hold
    if len(parts) > MOST_PARTS or steep or sum(one.file_size for one in parts) > MOST_UNPACKED_BYTES:
        packed.close()
        raise Unreadable("too_large", value=MOST_UNPACKED_BYTES // 1_000_000)
    if any(one.flag_bits & _NOT_READ for one in parts):
        packed.close()
        raise Unreadable("damaged", value="password")
    if any(one.compress_type not in _PACKINGS for one in parts):
        packed.close()
        raise Unreadable("damaged", value="compression")
    return packed


def unpack(packed: zipfile.ZipFile, part: zipfile.ZipInfo, to: Path) -> None:
    """Write one part under a name of our own; raises Unreadable where it is damaged."""
    with to.open("wb") as file:
        for piece in _pieces(packed, part):
            file.write(piece)


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with packed.open(part) as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except DAMAGED as error:
        raise Unreadable("damaged", value=type(error).__name__) from None
