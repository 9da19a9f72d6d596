"""A camera that shows the time, for the bench of live video: each picture carries in black and white when it was drawn.

The time is 32 blocks along the upper edge, one bit each, the lowest first: milliseconds since 1970, modulo 2³².
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import av
import numpy as np

from ingest.values import Image

SERVER = Path(__file__).parent / "demo" / "rtsp_pipe.py"
FPS, KEY_EVERY = 25, 25
WIDTH, HEIGHT, BITS = 1280, 720, 32
ENCODED = {
    "preset": "ultrafast",
    "tune": "zerolatency",
    "x264-params": "aud=1:scenecut=0:sliced-threads=0:threads=1",
}  # frames coded side by side would each wait for the next


def run() -> None:
    """Print where it is, {"url"}, and show the time until stopped."""
    with subprocess.Popen(["/usr/bin/python3", str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        port = json.loads(server.stdout.readline())["port"]
        print(json.dumps({"url": f"rtsp://127.0.0.1:{port}/clock"}), flush=True)
        try:
            for frame in _frames():
                server.stdin.write(len(frame).to_bytes(4, "big") + frame)
                server.stdin.flush()
        except (BrokenPipeError, KeyboardInterrupt):
            sys.exit(0)
        finally:
            server.terminate()


def drawn(at_ms: int, ground: Image) -> Image:
    """Return a picture that carries a time."""
    picture = ground.copy()
    size = WIDTH // BITS
    for bit in range(BITS):
        picture[: 2 * size, bit * size : (bit + 1) * size] = 255 * (at_ms >> bit & 1)
    return picture


def _frames() -> Any:
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.gop_size, encoder.options = FPS, KEY_EVERY, ENCODED
    ground = np.random.default_rng(1).integers(60, 120, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    ground = ground.repeat(8, 0).repeat(8, 1)
    due = time.monotonic()
    while True:
        due += 1 / FPS
        time.sleep(max(0.0, due - time.monotonic()))
        picture = drawn(time.time_ns() // 1_000_000 % 2**BITS, ground)
        for packet in encoder.encode(av.VideoFrame.from_ndarray(picture, "bgr24")):
            yield bytes(packet)
