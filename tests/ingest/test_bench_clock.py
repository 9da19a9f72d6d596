"""The camera of the bench shows the time, and shows it over RTSP."""

import json
import subprocess
import sys
import time

import av
import numpy as np

from ingest.bench_clock import BITS, HEIGHT, WIDTH, drawn
from ingest.values import Image


def read(picture: Image) -> int:
    size = WIDTH // BITS
    return sum(1 << bit for bit in range(BITS) if picture[size, bit * size + size // 2, 0] > 126)


def test_a_picture_carries_its_time() -> None:
    ground = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for at_ms in (0, 1, 1_234_567_890, 2**BITS - 1):
        assert read(drawn(at_ms, ground)) == at_ms
    assert (ground == 90).all()


def test_the_camera_shows_the_time_over_rtsp() -> None:
    with subprocess.Popen([sys.executable, "-m", "ingest", "bench-clock"], stdout=subprocess.PIPE) as camera:
        assert camera.stdout is not None
        try:
            url = json.loads(camera.stdout.readline())["url"]
            with av.open(url, "r", options={"rtsp_transport": "tcp"}, timeout=(20, 20)) as opened:
                picture = next(opened.decode(video=0)).to_ndarray(format="bgr24")
            late_ms = (time.time_ns() // 1_000_000) % 2**BITS - read(picture)
            assert 0 <= late_ms < 30_000
        finally:
            camera.terminate()
