"""A camera's coded frames as fragmented MP4, one fragment a frame, nothing decoded; time runs on whatever it says."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TypeAlias

import av
from av.bitstream import BitStreamFilterContext
from av.packet import Packet
from av.video.stream import VideoStream

from ingest.footage import units
from ingest.footage.boxes import TICKS, codec_name, fragment, opening
from ingest.sources.jpegs import TOO_BIG_PX
from ingest.sources.source import SourceError

LONGEST_S = 10.0  # between two frames; beyond it the stream's clock has jumped
MOST_SAMPLE = 32 * 1024 * 1024  # bytes of one frame; beyond it no camera


Coded: TypeAlias = "Packet[VideoStream]"


class NotFootage(SourceError):
    """The stream is of a kind that no fragment can hold: it can be watched picture by picture alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """What a player must have before the fragments behind it: one for each `take`, a stretch of one kind of picture."""

    data: bytes
    codec: str  # RFC 6381: avc1.640028, hvc1.1.6.L93.90
    width: int
    height: int
    take: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """One coded frame (`moof` and `mdat`), when it came in (UTC), and how long it stands in seconds."""

    data: bytes
    at: datetime
    key: bool
    duration_s: float
    sequence: int
    take: int


Footage = Init | Fragment


class Fragmenter:
    """Makes footage of one opened stream: an Init at its first key frame and wherever its parameters change.

    `take` and `begins_s` let a feed count and run on where the stream before this one ended.
    """

    def __init__(self, stream: VideoStream, *, take: int = 1, begins_s: float = 0.0, sequence: int = 0) -> None:
        """Take the stream; NotFootage where it is neither H.264 nor H.265."""
        self.codec = _codec(stream)
        self.take, self.sequence = take - 1, sequence
        self._kinds = units.KINDS[self.codec]
        self._whole = _annex_b(stream, self.codec)
        self._told = self._of_kind(units.parted(stream.codec_context.extradata or b""), self._kinds.parameters)
        self._parameters: list[bytes] | None = None
        self._clock = Clock(begins_s)

    @property
    def ends_s(self) -> float:
        """Return where the next frame begins, in seconds."""
        return self._clock.next_tick / TICKS

    def of(self, packet: Coded, at: datetime | None = None) -> Iterator[Footage]:
        """Return what a packet gives, in order: nothing before the first key frame, an Init where one is due."""
        if not packet.size or packet.is_corrupt:
            return
        for one in self._annex_b(packet):
            yield from self._footage(one, at or datetime.now(UTC))

    def _annex_b(self, packet: Coded) -> Sequence[Coded]:
        try:
            return self._whole.filter(packet) if self._whole else (packet,)
        except av.error.InvalidDataError:  # units that end beyond the packet: one frame lost, not the stream
            return ()

    def _footage(self, packet: Coded, at: datetime) -> Iterator[Footage]:
        found = units.parted(bytes(packet))
        key = packet.is_keyframe or bool(self._of_kind(found, self._kinds.keys))
        if key:
            init = self._changed(found)
            if init:
                yield init
        if self._parameters is None:
            return
        sample = units.measured(self._without(found, self._kinds.parameters | self._kinds.delimiters))
        if 0 < len(sample) <= MOST_SAMPLE:
            yield self._fragment(sample, packet, at, key)

    def _fragment(self, sample: bytes, packet: Coded, at: datetime, key: bool) -> Fragment:
        self.sequence += 1
        starts, lasts = self._clock.step(_seconds(packet.dts, packet), at)
        shown_s = (_seconds(packet.pts, packet) or 0.0) - (_seconds(packet.dts, packet) or 0.0)
        known = packet.pts is not None and packet.dts is not None and 0 <= shown_s <= LONGEST_S
        after = round(shown_s * TICKS) if known else 0
        data = fragment(sample, sequence=self.sequence, starts=starts, lasts=lasts, shown_after=after, key=key)
        return Fragment(data=data, at=at, key=key, duration_s=lasts / TICKS, sequence=self.sequence, take=self.take)

    def _changed(self, found: list[bytes]) -> Init | None:
        """Return an Init where the parameters of this key frame are not those known; None while they hold."""
        parameters = self._of_kind(found, self._kinds.parameters) or self._told
        if parameters == self._parameters:
            return None
        init = self._init(units.joined([*parameters, *self._without(found, self._kinds.parameters)]))
        if init is not None:
            self._parameters = self._told = parameters
        return init

    def _init(self, key_frame: bytes) -> Init | None:
        """Return the Init of a stream that begins like this; None where no sense can be made of the frame."""
        try:
            with av.open(io.BytesIO(key_frame), format=self.codec) as probed:
                stream = probed.streams.video[0]
                width, height = stream.codec_context.width, stream.codec_context.height
                if not 0 < width * height <= TOO_BIG_PX:
                    return None
                data = opening(stream, self.codec)
        except (av.error.FFmpegError, IndexError):
            return None
        self.take += 1
        return Init(data=data, codec=codec_name(data, self.codec), width=width, height=height, take=self.take)

    def _of_kind(self, found: list[bytes], kinds: frozenset[int]) -> list[bytes]:
        return [unit for unit in found if units.type_of(unit, self.codec) in kinds]

    def _without(self, found: list[bytes], kinds: frozenset[int]) -> list[bytes]:
        return [unit for unit in found if units.type_of(unit, self.codec) not in kinds]


class Clock:
    """The time of the footage in ticks: it never stands, never runs back, and has no hole.

    A frame stands as long as the one before it lasted, for a frame is handed on before the next one is known.
    """

    def __init__(self, begins_s: float) -> None:
        """Begin at so many seconds."""
        self.next_tick = round(begins_s * TICKS)
        self._usual_s = 1 / 25
        self._stamp_s: float | None = None
        self._at: datetime | None = None

    def step(self, stamp_s: float | None, at: datetime) -> tuple[int, int]:
        """Return when a frame begins and how long it stands, in ticks, by its own stamp and by our clock."""
        told_s = None if stamp_s is None or self._stamp_s is None else stamp_s - self._stamp_s
        came_s = None if self._at is None else (at - self._at).total_seconds()
        self._stamp_s, self._at = stamp_s, at
        self._usual_s = between(told_s, came_s, self._usual_s)
        starts, lasts = self.next_tick, max(1, round(self._usual_s * TICKS))
        self.next_tick += lasts
        return starts, lasts


def between(told_s: float | None, came_s: float | None, usual_s: float) -> float:
    """Return how far apart two frames are: as the stream tells, or where it lies or is silent, as they came in."""
    if told_s is not None and 0 < told_s <= LONGEST_S:
        return told_s
    if came_s is None:
        return usual_s
    return min(max(came_s, 1e-3), LONGEST_S)


def _seconds(ticks: int | None, packet: Coded) -> float | None:
    return None if ticks is None else float(ticks * (packet.time_base or Fraction(1, TICKS)))


def _codec(stream: VideoStream) -> units.Codec:
    name = stream.codec_context.name
    if name == "h264":
        return "h264"
    if name in ("hevc", "h265"):
        return "hevc"
    raise NotFootage("pictures_alone", codec=name[:20])


def _annex_b(stream: VideoStream, codec: units.Codec) -> BitStreamFilterContext | None:
    """Return what turns a file's frames into those of a camera; None for those that are such already."""
    described = (stream.codec_context.extradata or b"")[:1] == b"\x01"
    return BitStreamFilterContext(f"{codec}_mp4toannexb", stream) if described else None
