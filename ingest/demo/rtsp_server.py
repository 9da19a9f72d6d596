"""An RTSP server that plays clips round and round: `/usr/bin/python3 rtsp_server.py [--fps N] PORT CLIP [NAME ...]`.

It runs under the system's Python, where Debian's GStreamer bindings live, and so imports nothing of ours. Every NAME
becomes rtsp://127.0.0.1:PORT/NAME. Port 0 takes a free one; the first line on stdout says which: {"port": 8554}.
"""

import argparse
import json
import signal
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # type: ignore[import-not-found]  # noqa: E402 - versions are asked for first
    GLib,
    Gst,
    GstRtspServer,
)

NAMES = ("crossing-1", "crossing-2")
KEY_EVERY = 10  # frames; as ingest/demo/clips.py writes them
FPS = 10  # vtest.avi's own frames a second; a bare stream carries no times of its own
BETWEEN = b"\x00\x00\x00\x01\x09"  # an access unit delimiter opens every frame (ITU-T H.264, 7.4.1.2.3)
LAUNCH = (
    "( appsrc name=frames format=time block=false max-bytes=200000 caps=video/x-h264,stream-format=byte-stream,"
    "alignment=au,framerate=%d/1 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


class Loop:
    """A clip that never ends: the frames come round again while their times run on."""

    def __init__(self, frames: list[bytes], fps: int) -> None:
        """Take the coded frames, key frame first, and how many a second."""
        self.frames, self.frame_ns = frames, 1_000_000_000 // fps
        self.number = 0

    def give(self, source: Any, _wanted: int) -> None:
        """Hand GStreamer the next frame."""
        buffer = Gst.Buffer.new_wrapped(self.frames[self.number % len(self.frames)])
        buffer.pts = buffer.dts = self.number * self.frame_ns
        buffer.duration = self.frame_ns
        self.number += 1
        source.emit("push-buffer", buffer)


def frames_of(clip: str) -> list[bytes]:
    """Return the coded frames of an H.264 file; SystemExit with one sentence where it holds none."""
    try:
        frames = [BETWEEN + frame for frame in Path(clip).read_bytes().split(BETWEEN)[1:]]
    except OSError as error:
        raise SystemExit(f"The clip {clip} cannot be read: {error.strerror}.") from None
    if not frames:
        raise SystemExit(f"The clip {clip} holds no H.264 frames with delimiters.")
    return frames


def serve(port: int, clip: str, names: tuple[str, ...], fps: int) -> None:
    """Serve `clip` at every name until SIGTERM or SIGINT; SystemExit with one sentence where that cannot be."""
    Gst.init(None)
    frames = frames_of(clip)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    for index, name in enumerate(names):
        offset = index * len(frames) // len(names) // KEY_EVERY * KEY_EVERY  # no two cameras show the same moment
        server.get_mount_points().add_factory(f"/{name}", _factory(frames[offset:] + frames[:offset], fps))
    if server.attach(None) == 0:
        raise SystemExit(f"The RTSP server cannot listen on port {port}; another program has it.")
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop = GLib.MainLoop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, sign, loop.quit)
    loop.run()


def _factory(frames: list[bytes], fps: int) -> Any:
    def configure(_factory: Any, media: Any) -> None:
        source = media.get_element().get_by_name_recurse_up("frames")
        source.connect("need-data", Loop(frames, fps).give)

    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(LAUNCH % fps)
    factory.set_shared(True)
    factory.connect("media-configure", configure)
    return factory


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--fps", type=int, default=FPS)
    asked.add_argument("port", type=int)
    asked.add_argument("clip")
    asked.add_argument("names", nargs="*", default=NAMES)
    told = asked.parse_args()
    serve(told.port, told.clip, tuple(told.names), told.fps)
