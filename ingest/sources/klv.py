"""Where a drone is and what its sensor looks at: the UAS Datalink Local Set, MISB ST 0601; pure.

A packet is the 16-byte key, its length in BER, and items of tag (BER-OID), length (BER) and value (SMPTE 336M). The
checksum, item 1, comes last: the sum of all big-endian 16-bit words from the key to that item's own length, modulo
65536. The tags read here, and what an unsigned or signed integer of all bits stands for (ST 0601, section 8):

 2 time, microseconds since 1970        5 platform heading, 0…360 deg       6 platform pitch, ±20 deg
 7 platform roll, ±50 deg              13 sensor latitude, ±90 deg         14 sensor longitude, ±180 deg
15 sensor altitude, −900…19 000 m MSL  16 horizontal field of view, 0…180  18 sensor azimuth to the platform, 0…360
19 sensor elevation, ±180 deg          20 sensor roll, 0…360 deg           23 frame centre latitude, ±90 deg
24 frame centre longitude, ±180 deg    25 frame centre elevation, −900…19 000 m MSL
90 platform pitch in full, ±90 deg     91 platform roll in full, ±90 deg

The smallest signed integer says "out of range" and counts as not told.
"""

from collections.abc import Iterator
from dataclasses import dataclass

KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
CHECKSUM = 1
MOST_BYTES = 8192  # of one packet


class KlvError(ValueError):
    """A packet is not whole, or its checksum does not fit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How an item's integer becomes a number: so many bytes, from and to; signed ones are symmetric."""

    size: int
    least: float
    most: float

    def read(self, value: bytes) -> float | None:
        """Return the number; None where the item has another size or says "out of range"."""
        if len(value) != self.size:
            return None
        if self.least != -self.most:
            return self.least + int.from_bytes(value) * (self.most - self.least) / ((1 << 8 * self.size) - 1)
        whole = int.from_bytes(value, signed=True)
        half = 1 << 8 * self.size - 1
        return None if whole == -half else whole * self.most / (half - 1)


HEADING, PITCH, ROLL, LAT, LON, ALTITUDE, HFOV = 5, 6, 7, 13, 14, 15, 16
AZIMUTH, ELEVATION, SENSOR_ROLL = 18, 19, 20
CENTRE_LAT, CENTRE_LON, CENTRE_ELEVATION, FULL_PITCH, FULL_ROLL = 23, 24, 25, 90, 91
SCALES = {
    HEADING: Scale(2, 0, 360),
    PITCH: Scale(2, -20, 20),
    ROLL: Scale(2, -50, 50),
    LAT: Scale(4, -90, 90),
    LON: Scale(4, -180, 180),
    ALTITUDE: Scale(2, -900, 19_000),
    HFOV: Scale(2, 0, 180),
    AZIMUTH: Scale(4, 0, 360),
    ELEVATION: Scale(4, -180, 180),
    SENSOR_ROLL: Scale(4, 0, 360),
    CENTRE_LAT: Scale(4, -90, 90),
    CENTRE_LON: Scale(4, -180, 180),
    CENTRE_ELEVATION: Scale(2, -900, 19_000),
    FULL_PITCH: Scale(4, -90, 90),
    FULL_ROLL: Scale(4, -90, 90),
}


def numbers(packet: bytes) -> dict[int, float]:
    """Return the numbers of the tags above that a packet tells. KlvError where it is not whole or not true."""
    start = packet.find(KEY)
    if start < 0 or len(packet) > MOST_BYTES:
        raise KlvError("There is no local set of ST 0601.")
    length, at = _length(packet, start + len(KEY))
    end = at + length
    if end > len(packet):
        raise KlvError("The local set is not whole.")
    found: dict[int, float] = {}
    for tag, value, value_at in _items(packet, at, end):
        if tag == CHECKSUM:
            _check(packet[start:value_at], value)
            return found
        number = SCALES[tag].read(value) if tag in SCALES else None
        if number is not None:
            found[tag] = number
    raise KlvError("The local set has no checksum.")


def _items(packet: bytes, at: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    while at < end:
        tag, at = _tag(packet, at)
        length, at = _length(packet, at)
        if at + length > end:
            raise KlvError("The local set is not whole.")
        yield tag, packet[at : at + length], at
        at += length


def _tag(packet: bytes, at: int) -> tuple[int, int]:
    tag = 0
    for byte in packet[at : at + 3]:
        tag, at = tag << 7 | byte & 0x7F, at + 1
        if byte < 0x80:
            return tag, at
    raise KlvError("An item has no tag.")


def _length(packet: bytes, at: int) -> tuple[int, int]:
    if at >= len(packet):
        raise KlvError("The local set is not whole.")
    first = packet[at]
    if first < 0x80:
        return first, at + 1
    many = first & 0x7F
    if not 1 <= many <= 4 or at + 1 + many > len(packet):
        raise KlvError("An item has no length.")
    return int.from_bytes(packet[at + 1 : at + 1 + many]), at + 1 + many


def _check(said: bytes, checksum: bytes) -> None:
    if int.from_bytes(checksum) != checksum_of(said):
        raise KlvError("The checksum does not fit.")


def checksum_of(said: bytes) -> int:
    """Return the checksum of everything from the key to the checksum's own length."""
    return (sum(said[0::2]) * 256 + sum(said[1::2])) % 65_536
