"""Opening streams by PyAV: a few at a time, timeouts, lists of what is allowed, and errors as sentences."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from typing import Any
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from ingest.sources.jpegs import TOO_BIG_PX
from ingest.sources.source import SourceError
from ingest.sources.turns import Turns

OPENING = Turns(8)  # PyAV stalls where some thirty streams are opened at once
CODECS = "h264,hevc,mjpeg,mpeg4,mpeg2video,vp8,vp9,libdav1d,av1"  # what cameras send; no other decoder is woken

QUICKLY = {"analyzeduration": "500000", "probesize": "2000000"}  # microseconds and bytes of MPEG-TS looked at first


@contextmanager
def opened(
    url: str | RawIOBase,
    *,
    protocols: str,
    timeout_s: float,
    options: dict[str, str] | None = None,
    kind: str | None = None,
    who: str | None = None,
) -> Iterator[InputContainer]:
    """Open a stream for as long as the block lasts. Every fault becomes a SourceError, one sentence without the URL.

    `protocols` is FFmpeg's allow-list: a playlist in disguise cannot lead it elsewhere. `kind` is FFmpeg's name of the
    only format that it may be; None: whatever it looks like. `who` is the address: one that was waited for in
    vain waits behind the others next time.
    """
    began, answered = time.monotonic(), False
    asked: dict[str, Any] = {"protocol_whitelist": protocols, "max_pixels": str(TOO_BIG_PX), **(options or {})}
    try:
        with _entered(url, asked, timeout_s, kind, who) as container:
            answered = True
            yield container
    except (av.error.ExitError, av.error.TimeoutError, TimeoutError):
        raise SourceError("no_answer", seconds=timeout_s) from None
    except (av.error.ConnectionRefusedError, ConnectionRefusedError):
        raise SourceError("refused", host=_host(url)) from None
    except (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError):
        raise SourceError("unauthorized") from None
    except av.error.HTTPNotFoundError:
        raise SourceError("no_such_stream") from None
    except (av.error.InvalidDataError, UnicodeDecodeError):
        if not answered and time.monotonic() - began >= 0.9 * timeout_s:  # FFmpeg says so of a silent RTSP server
            raise SourceError("no_answer", seconds=timeout_s) from None
        raise SourceError("no_video") from None
    except av.error.EOFError:
        raise SourceError("ended" if answered else "no_video") from None
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError("unreadable", error=error.strerror or type(error).__name__) from None


def _entered(
    url: str | RawIOBase, asked: dict[str, str], timeout_s: float, kind: str | None, who: str | None
) -> InputContainer:
    with OPENING.taken(who, timeout_s):
        return av.open(url, mode="r", format=kind, options=asked, timeout=(timeout_s, timeout_s))


def video_stream(container: InputContainer) -> VideoStream:
    """Return the first video stream, decoding on one thread. SourceError where there is none, or it is absurdly big."""
    if not container.streams.video:
        raise SourceError("holds_no_video")
    stream = container.streams.video[0]
    width_px, height_px = stream.codec_context.width, stream.codec_context.height
    if width_px * height_px > TOO_BIG_PX:
        raise SourceError("too_big", width=width_px, height=height_px)
    if width_px * height_px <= 0:  # it never told its size
        raise SourceError("no_video")
    stream.codec_context.thread_count = 1  # many cameras share the cores; one must not take them all
    stream.codec_context.options = {"max_pixels": str(TOO_BIG_PX)}  # it may grow in mid-stream
    return stream


def _host(url: str | RawIOBase) -> str:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        return "The camera"
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
