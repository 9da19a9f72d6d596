"""Fragmented MP4 (ISO/IEC 14496-12): the opening boxes by FFmpeg, each frame's own fragment by hand.

FFmpeg would hold every frame back until the next one comes; written by hand it leaves at once.
"""

import io
import struct

import av
from av.video.stream import VideoStream

from ingest.footage.units import Codec

TICKS = 90_000  # a second
KEY, NOT_KEY = 0x0200_0000, 0x0101_0000  # sample flags (8.8.3.1): what it depends on, whether it is a sync sample
_OPTIONS = {"movflags": "empty_moov+default_base_moof+frag_custom", "video_track_timescale": str(TICKS)}
_TAGS: dict[Codec, str] = {"h264": "avc1", "hevc": "hvc1"}


class Sink(io.RawIOBase):
    """Takes what FFmpeg writes."""

    def __init__(self) -> None:
        """Begin empty."""
        self.data = b""

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, part: object) -> int:
        """Add a part."""
        self.data += bytes(part)  # type: ignore[call-overload]
        return len(self.data)


def opening(stream: VideoStream, codec: Codec) -> bytes:
    """Return what must come before the first fragment: `ftyp` and `moov` of a stream like this one."""
    sink = Sink()
    with av.open(sink, "w", format="mp4", options=_OPTIONS) as made:
        made.add_stream_from_template(stream).codec_context.codec_tag = _TAGS[codec]
        made.start_encoding()
        return sink.data


def codec_name(opening_boxes: bytes, codec: Codec) -> str:
    """Return the codec as RFC 6381 and a browser's MediaSource call it: `avc1.640028`, `hvc1.1.6.L93.90`."""
    if codec == "h264":
        return f"avc1.{_of(opening_boxes, b'avcC')[1:4].hex()}"
    told = _of(opening_boxes, b"hvcC")
    space, tier, profile = "ABC"[told[1] // 64 - 1 : told[1] // 64], "LH"[told[1] >> 5 & 1], told[1] & 31
    backwards = int(f"{int.from_bytes(told[2:6], 'big'):032b}"[::-1], 2)  # ISO/IEC 14496-15, E.3
    limits = told[6:12].rstrip(b"\x00")
    return ".".join(["hvc1", f"{space}{profile}", f"{backwards:X}", f"{tier}{told[12]}", *(f"{b:X}" for b in limits)])


def fragment(sample: bytes, *, sequence: int, starts: int, lasts: int, shown_after: int, key: bool) -> bytes:
    """Return one frame as a fragment of its own; times in ticks. `shown_after`: how long after its turn to decode."""
    run = (1, lasts, len(sample), KEY if key else NOT_KEY, shown_after)
    track = _box(b"tfhd", struct.pack(">II", 0x02_0000, 1)) + _box(b"tfdt", struct.pack(">IQ", 0x0100_0000, starts))
    before = 8 + 16 + 8 + len(track) + 12 + 4 + 4 + 16 + 8  # moof, mfhd, traf, … to the first byte behind `mdat`
    track += _box(b"trun", struct.pack(">IIi", 0x0100_0F01, run[0], before) + struct.pack(">IIIi", *run[1:]))
    moof = _box(b"moof", _box(b"mfhd", struct.pack(">II", 0, sequence)) + _box(b"traf", track))
    return moof + _box(b"mdat", sample)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _of(boxes: bytes, name: bytes) -> bytes:
    return boxes[boxes.index(name) + 4 :]
