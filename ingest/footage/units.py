"""The units of a coded stream (NAL units): parted, and told apart by what they are (ITU-T H.264 7.4.1, H.265 7.4.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Codec = Literal["h264", "hevc"]
START = b"\x00\x00\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """Which types of units mean what in a codec."""

    parameters: frozenset[int]  # what a decoder must know before the first picture
    delimiters: frozenset[int]
    keys: frozenset[int]  # a decoder may enter here


KINDS: dict[Codec, Kinds] = {
    "h264": Kinds(parameters=frozenset({7, 8}), delimiters=frozenset({9}), keys=frozenset({5})),
    "hevc": Kinds(parameters=frozenset({32, 33, 34}), delimiters=frozenset({35}), keys=frozenset(range(16, 22))),
}


def parted(data: bytes) -> list[bytes]:
    """Return the units of a stretch of Annex B. None ends in a zero of its own (H.264 7.4.1), so such are filling."""
    return [unit for piece in data.split(START)[1:] if (unit := piece.rstrip(b"\x00"))]


def type_of(unit: bytes, codec: Codec) -> int:
    """Return the type of a unit."""
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


def joined(units: Iterable[bytes]) -> bytes:
    """Return units as Annex B."""
    return b"".join(b"\x00" + START + unit for unit in units)


def measured(units: Iterable[bytes]) -> bytes:
    """Return units as MP4 holds them: each behind its length in four bytes (ISO/IEC 14496-15, 4.3)."""
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
