"""Clips for the demo's RTSP server: a bare H.264 stream, which a server can play round and round without a seam."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.stream import VideoStream

KEY_EVERY = 10  # frames from one key frame to the next: a reader that joins waits a second at most
CODEC = "libx264"
CUTTABLE = f"aud=1:scenecut=0:keyint={KEY_EVERY}:sliced-threads=0"  # one slice a frame: a reader takes it whole


def h264_of(source: Path, target: Path) -> Path:
    """Encode a clip as H.264 Annex B at `target`, once; return `target`. It appears whole or not at all.

    No B-frames, a delimiter before every frame and evenly spaced key frames: the server cuts at them.
    """
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    with av.open(str(source)) as clip, av.open(str(half), "w", format="h264") as written:
        rate = clip.streams.video[0].average_rate or Fraction(10)
        stream = cast(VideoStream, written.add_stream(CODEC, rate=rate))
        stream.width, stream.height = clip.streams.video[0].width, clip.streams.video[0].height
        stream.pix_fmt, stream.bit_rate, stream.gop_size = "yuv420p", 1_000_000, KEY_EVERY
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": CUTTABLE}
        for number, frame in enumerate(clip.decode(video=0)):
            frame.pts = number
            frame.time_base = 1 / rate
            written.mux(stream.encode(frame.reformat(format="yuv420p")))
        written.mux(stream.encode(None))
    half.replace(target)
    return target
