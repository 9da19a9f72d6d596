"""Cameras that send JPEG pictures one after the other over HTTP (multipart/x-mixed-replace)."""

from collections.abc import Iterator

import av

from ingest.sources.addresses import is_address
from ingest.sources.decoded import Decoded
from ingest.sources.http import SCHEMES, answered
from ingest.sources.jpegs import TOO_BIG_PX, Jpegs, NoPictures, size_px
from ingest.sources.source import Reading, Source, SourceError, SourceSettings, Stream

IDLE_FPS = 2.0  # every picture is whole, and as dear as a key frame: while nothing moves so many are decoded a second
MOST_PASSED_BYTES = 64 * 2**20  # so much without a picture is no camera


def mjpeg(settings: SourceSettings) -> Source:
    """Make the reader of `http://` or `https://`. SourceError for any other address."""
    if not is_address(settings.url, SCHEMES):
        raise SourceError("bad_address", form="http://host/name")
    return Reading(settings, _read)


def _read(reading: Reading) -> None:
    settings, jpegs, passed = reading.settings, Jpegs(), 0
    with answered(settings.url, settings.networks, settings.timeout_s) as response:
        for part in response.iter_raw():
            passed += len(part)
            for jpeg in _found(jpegs, part):
                passed = 0
                if reading.is_due(IDLE_FPS):
                    show_jpeg(reading, jpeg)
            if passed > MOST_PASSED_BYTES:
                raise SourceError("no_video")
            reading.heard()
            if reading.stopping.is_set():
                return


def _found(jpegs: Jpegs, part: bytes) -> Iterator[bytes]:
    try:
        yield from jpegs.feed(part)
    except NoPictures:
        raise SourceError("garbage") from None


def show_jpeg(reading: Reading, jpeg: bytes) -> None:
    """Decode a picture and hand it on; one that is torn is passed over."""
    frame = decode(jpeg)
    if frame is not None:
        reading.stream = Stream(codec="mjpeg", width_px=frame.width, height_px=frame.height)
        reading.show(Decoded(frame))


def decode(jpeg: bytes) -> av.VideoFrame | None:
    """Decode one picture; None where it is torn, SourceError where it is absurdly big."""
    width_px, height_px = size_px(jpeg) or (0, 0)
    if width_px * height_px > TOO_BIG_PX:
        raise SourceError("too_big", width=width_px, height=height_px)
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.options, decoder.thread_count = {"max_pixels": str(TOO_BIG_PX)}, 1
    try:
        return next(iter(decoder.decode(av.Packet(jpeg))), None)
    except av.error.FFmpegError:
        return None
