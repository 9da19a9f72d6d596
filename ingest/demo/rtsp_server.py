"""An RTSP server that plays clips round and round: `/usr/bin/python3 rtsp_server.py [--fps N] PORT CLIP [NAME ...]`.

It runs under the system's Python, where Debian's GStreamer bindings live, and so imports nothing of ours. Every NAME
becomes rtsp://127.0.0.1:PORT/NAME. Port 0 takes a free one; the first line on stdout says which: {"port": 8554}.
A clip that ends in .h265 is played as H.265; QYRAN_RTSP_LOGIN=user:password asks whoever comes for them, by digest.
"""

import argparse
import json
import os
import signal
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # type: ignore[import-not-found]  # noqa: E402 - versions are asked for first
    GLib,
    Gst,
    GstRtsp,
    GstRtspServer,
)

ROLE = "user, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
NAMES = ("crossing-1", "crossing-2")
KEY_EVERY = 10  # frames; as ingest/demo/clips.py writes them
FPS = 10  # vtest.avi's own frames a second; a bare stream carries no times of its own
BETWEEN = {  # an access unit delimiter opens every frame (ITU-T H.264, 7.4.1.2.3; H.265, 7.4.2.4.4)
    "h264": b"\x00\x00\x00\x01\x09",
    "h265": b"\x00\x00\x00\x01\x46\x01",
}
LAUNCH = (
    "( appsrc name=frames format=time block=false max-bytes=200000 caps=video/x-{codec},stream-format=byte-stream,"
    "alignment=au,framerate={fps}/1 ! {codec}parse ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )"
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
    """Return the coded frames of a clip; SystemExit with one sentence where it holds none."""
    between = BETWEEN[codec_of(clip)]
    try:
        frames = [between + frame for frame in Path(clip).read_bytes().split(between)[1:]]
    except OSError as error:
        raise SystemExit(f"The clip {clip} cannot be read: {error.strerror}.") from None
    if not frames:
        raise SystemExit(f"The clip {clip} holds no {codec_of(clip).upper()} frames with delimiters.")
    return frames


def codec_of(clip: str) -> str:
    """Return what a clip is played as, by the end of its name."""
    return "h265" if clip.endswith(".h265") else "h264"


def serve(port: int, clip: str, names: tuple[str, ...], fps: int) -> None:
    """Serve `clip` at every name until SIGTERM or SIGINT; SystemExit with one sentence where that cannot be."""
    Gst.init(None)
    frames = frames_of(clip)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    _ask_for(os.environ.get("QYRAN_RTSP_LOGIN", ""), server)
    for index, name in enumerate(names):
        offset = index * len(frames) // len(names) // KEY_EVERY * KEY_EVERY  # no two cameras show the same moment
        factory = _factory(frames[offset:] + frames[:offset], codec_of(clip), fps)
        server.get_mount_points().add_factory(f"/{name}", factory)
    if server.attach(None) == 0:
        raise SystemExit(f"The RTSP server cannot listen on port {port}; another program has it.")
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop = GLib.MainLoop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, sign, loop.quit)
    loop.run()


def _ask_for(login: str, server: Any) -> None:
    if not login:
        return
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    user, _, password = login.partition(":")
    auth.add_digest(user, password, token)
    server.set_auth(auth)


def _factory(frames: list[bytes], codec: str, fps: int) -> Any:
    def configure(_factory: Any, media: Any) -> None:
        source = media.get_element().get_by_name_recurse_up("frames")
        source.connect("need-data", Loop(frames, fps).give)

    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(LAUNCH.format(codec=codec, fps=fps))
    factory.add_role_from_structure(Gst.Structure.from_string(ROLE)[0])
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
