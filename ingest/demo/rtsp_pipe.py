"""An RTSP server of one camera whose frames come in on stdin: `/usr/bin/python3 rtsp_pipe.py`.

It runs under the system's Python, where Debian's GStreamer bindings live, and so imports nothing of ours. A frame is an
H.264 access unit (Annex B) behind its length in four bytes. The first line on stdout says where: {"port": 8554}.
"""

import json
import sys
import threading
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # type: ignore[import-not-found]  # noqa: E402 - versions are asked for first
    GLib,
    Gst,
    GstRtspServer,
)

NAME = "clock"
LAUNCH = (
    "( appsrc name=frames is-live=true do-timestamp=true format=time caps=video/x-h264,stream-format=byte-stream,"
    "alignment=au ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


class Pipe:
    """Hands each frame to whoever looks, as it comes; nobody looking, it is gone."""

    def __init__(self) -> None:
        """Begin without viewers."""
        self.source: Any = None

    def configured(self, _factory: Any, media: Any) -> None:
        """Take the pipeline that a viewer has begun."""
        self.source = media.get_element().get_by_name_recurse_up("frames")

    def run(self) -> None:
        """Read until stdin ends."""
        while head := sys.stdin.buffer.read(4):
            frame = sys.stdin.buffer.read(int.from_bytes(head, "big"))
            if self.source is not None:
                self.source.emit("push-buffer", Gst.Buffer.new_wrapped(frame))


def serve() -> None:
    """Serve until stdin ends."""
    Gst.init(None)
    pipe, loop, server = Pipe(), GLib.MainLoop(), GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(LAUNCH)
    factory.set_shared(True)
    factory.connect("media-configure", pipe.configured)
    server.get_mount_points().add_factory(f"/{NAME}", factory)
    server.attach(None)
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    threading.Thread(target=_read, args=(pipe, loop), daemon=True).start()
    loop.run()


def _read(pipe: Pipe, loop: Any) -> None:
    pipe.run()
    loop.quit()


if __name__ == "__main__":
    serve()
