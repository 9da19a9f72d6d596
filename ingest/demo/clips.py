"""Clips for RTSP servers: bare H.264 streams, which a server can play round and round without a seam."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream

CODECS = {".h264": ("h264", "libx264"), ".h265": ("hevc", "libx265")}  # by the end of a clip's name
STILL_FRAMES, LENS_NOISE = 100, 2.0  # a frame that does not move, and how much its grey levels tremble (one sigma)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a clip is coded; `size_px` None is the clip's own size, `fps` None its own frames a second.

    `key_every` frames from one key frame to the next: so long a reader that joins waits.
    """

    size_px: tuple[int, int] | None = None
    fps: int | None = None
    key_every: int = 10
    bit_rate: int = 1_000_000
    frames: int | None = None  # so many of the clip; all


AS_IT_IS = Options()
Made = Callable[[Iterable[av.VideoFrame]], Iterable[av.VideoFrame]]


def h264_of(source: Path, target: Path, options: Options = AS_IT_IS) -> Path:
    """Encode a clip as H.264, or H.265 for a target of that name, Annex B, once; it appears whole or not at all.

    No B-frames, a delimiter before every frame and evenly spaced key frames: the server cuts at them.
    """
    return target if target.exists() else _write(source, target, options, lambda frames: frames)


def still_of(source: Path, target: Path, options: Options = AS_IT_IS) -> Path:
    """Encode the clip's first frame over and over, with the noise of a lens, as `h264_of` does."""
    return target if target.exists() else _write(source, target, options, _trembling)


def _write(source: Path, target: Path, options: Options, made: Made) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    half, (form, codec) = target.with_suffix(".part"), CODECS[target.suffix]
    with av.open(str(source)) as clip, av.open(str(half), "w", format=form) as written:
        shown = clip.streams.video[0]
        rate = Fraction(options.fps) if options.fps else shown.average_rate or Fraction(10)
        stream = cast(VideoStream, written.add_stream(codec, rate=rate))
        stream.width, stream.height = options.size_px or (shown.width, shown.height)
        stream.pix_fmt, stream.bit_rate, stream.gop_size = "yuv420p", options.bit_rate, options.key_every
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", **_cuttable(codec, options.key_every)}
        for number, frame in enumerate(islice(made(clip.decode(video=0)), options.frames)):
            sized = frame.reformat(width=stream.width, height=stream.height, format="yuv420p")
            sized.pts, sized.time_base = number, 1 / rate
            written.mux(stream.encode(sized))
        written.mux(stream.encode(None))
    half.replace(target)
    return target


def _cuttable(codec: str, key_every: int) -> dict[str, str]:
    """Return what makes every frame begin with a delimiter and be one slice, which a reader takes whole."""
    if codec == "libx265":
        return {
            "x265-params": f"aud=1:scenecut=0:keyint={key_every}:repeat-headers=1:bframes=0:pools=1:log-level=error"
        }
    return {"x264-params": f"aud=1:scenecut=0:keyint={key_every}:sliced-threads=0"}


def _trembling(frames: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    drawn = np.random.default_rng(0)
    for first in islice(frames, 1):
        image = first.to_ndarray(format="bgr24").astype(np.float32)
        for _ in range(STILL_FRAMES):
            noisy = image + drawn.normal(0, LENS_NOISE, image.shape)
            yield av.VideoFrame.from_ndarray(np.clip(noisy, 0, 255).astype(np.uint8), format="bgr24")
