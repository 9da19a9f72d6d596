"""Following an open stream: packets become pictures, key frames alone while nothing moves, garbage is borne a while."""

from collections.abc import Callable, Iterator
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from ingest.sources.decoded import Decoded
from ingest.sources.opening import video_stream
from ingest.sources.source import Reading, SourceError, Stream
from ingest.values import FramePose

MOST_GARBAGE = 250  # packets in a row that cannot be decoded: ten seconds of a stream at 25 frames a second


def follow(
    reading: Reading,
    container: InputContainer,
    *,
    paced: Callable[[float | None], None] = lambda _: None,
    pose: Callable[[], FramePose | None] = lambda: None,
    packets: "Callable[[InputContainer, VideoStream], Iterator[Packet[Any]]] | None" = None,
) -> None:
    """Hand on pictures until the stream ends or the reader is stopped.

    `paced` waits until a frame of that time, in seconds of the stream, is to be shown; `pose` says where it was taken.
    """
    reading.begins()
    stream = video_stream(container)
    for frame in _frames(reading, packets(container, stream) if packets else container.demux(stream)):
        paced(frame.time)
        reading.timed(frame.time)
        reading.stream = Stream(codec=stream.codec_context.name, width_px=frame.width, height_px=frame.height)
        if reading.is_due():
            reading.show(Decoded(frame), pose())


def _let_go(stream: VideoStream) -> "list[av.VideoFrame]":
    """Take out what the decoder holds back for the packets behind it, of which an idle camera's are never decoded."""
    held = stream.codec_context.decode(None)
    stream.codec_context.flush_buffers()
    return held


def _frames(reading: Reading, packets: "Iterator[Packet[Any]]") -> Iterator[av.VideoFrame]:
    whole, garbage = False, 0
    for packet in packets:
        if reading.stopping.is_set():
            return
        reading.heard()
        # A decoder must enter and leave on a key frame: between two it needs every packet.
        whole = reading.active.is_set() if packet.is_keyframe else whole
        if not (whole or packet.is_keyframe):
            continue
        try:
            frames = packet.decode() or ([] if whole else _let_go(packet.stream))
        except av.error.InvalidDataError:
            frames, garbage = [], garbage + 1
        # Of one packet of noise in ten the decoder guesses a picture: that is no sign of a camera that is well again.
        garbage = 0 if any(not frame.is_corrupt for frame in frames) else garbage
        yield from [] if garbage else frames
        if garbage > MOST_GARBAGE:
            raise SourceError("garbage")
