"""Packets of MISB ST 0601, built by its formulas."""

from ingest.sources.klv import CHECKSUM, KEY, SCALES


def item(tag: int, value: float) -> bytes:
    scale = SCALES[tag]
    if scale.least == -scale.most:
        whole = round(value * ((1 << 8 * scale.size - 1) - 1) / scale.most)
    else:
        whole = round((value - scale.least) * ((1 << 8 * scale.size) - 1) / (scale.most - scale.least))
    coded = whole.to_bytes(scale.size, signed=scale.least == -scale.most)
    return bytes([tag, len(coded)]) + coded


def packet(told: dict[int, float], *, long_length: bool = False) -> bytes:
    items = b"\x02\x08" + (1_700_000_000_000_000).to_bytes(8) + b"".join(item(tag, told[tag]) for tag in told)
    length = len(items) + 4
    head = KEY + (b"\x82" + length.to_bytes(2) if long_length or length > 127 else bytes([length]))
    said = head + items + bytes([CHECKSUM, 2])
    words = [int.from_bytes(said[i : i + 2].ljust(2, b"\0")) for i in range(0, len(said), 2)]
    return said + (sum(words) % 65_536).to_bytes(2)
