"""Small clips made by a test: grey pictures of any size and codec."""

import io
from collections.abc import Iterator
from typing import Any, cast

import av
import numpy as np
from av.video.stream import VideoStream

SIZE = 96, 64


def add_video(written: Any, codec: str = "libx264", size: tuple[int, int] = SIZE, **options: str) -> VideoStream:
    stream = cast(VideoStream, written.add_stream(codec, rate=25, options=options))
    stream.width, stream.height, stream.pix_fmt, stream.gop_size = *size, "yuv420p", 5
    return stream


def pictures(stream: VideoStream, first: int, count: int) -> Iterator[Any]:
    """Packets of grey pictures, numbered from `first`, 25 a second."""
    for number in range(first, first + count):
        image = np.full((stream.height, stream.width, 3), 60 + number % 100, np.uint8)
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts = number
        yield from stream.encode(frame)
    yield from stream.encode(None)


def segment(first: int, count: int = 10, codec: str = "libx264", size: tuple[int, int] = SIZE) -> bytes:
    """A piece of MPEG-TS."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as written:
        stream = add_video(written, codec, size)
        for packet in pictures(stream, first, count):
            written.mux(packet)
    return file.getvalue()
