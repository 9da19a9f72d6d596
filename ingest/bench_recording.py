"""What recording costs: a core's time for each camera and second of a 4 Mbit/s stream.

`recording` is the whole way, from the packets of a stream to safe bytes on the disk; `recording_writing` is what
comes behind the fragments. The floor of both writes the same bytes to a plain file once a second, makes them safe and
hashes them; turn by turn, so that other work on the machine slows both alike. No network is in it.
"""

import hashlib
import os
import resource
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np

from ingest.footage.fragments import Fragment, Fragmenter, Init
from ingest.recording.disk import Disk
from ingest.recording.writer import Piece, Recorded, Writer

BIT_S, FPS, SECONDS, ROUNDS = 4_000_000, 25, 20, 5
START = datetime(2026, 1, 1, tzinfo=UTC)
ASKED_MS = 5.3  # a camera and second: FFmpeg's own muxer with the hash
ASKED_RATIO = 1.5  # of what comes behind the fragments


def figures() -> list[dict[str, Any]]:
    """Measure both beside the plain file; medians of the rounds."""
    with tempfile.TemporaryDirectory(prefix="qyran-bench-") as name:
        folder = Path(name)
        clip = _clip(folder / "clip.h264")
        seconds = list(_seconds(clip))
        rounds = [_round(folder, clip, seconds) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    whole, writing, plain = (statistics.median(side) for side in zip(*rounds, strict=True))
    return [
        _figure("recording", whole, plain, f"<= {ASKED_MS} ms", whole <= ASKED_MS),
        _figure("recording_writing", writing, plain, f"ratio <= {ASKED_RATIO}", writing <= ASKED_RATIO * plain),
    ]


def _figure(name: str, value: float, floor: float, asked: str, holds: bool) -> dict[str, Any]:
    unit = f"ms of a core a camera and second at {BIT_S / 1e6:g} Mbit/s"
    ratio = round(value / floor, 3)
    return {"name": name, "value": value, "unit": unit, "floor": floor, "ratio": ratio, "asked": asked, "holds": holds}


def _round(folder: Path, clip: Path, seconds: list[list[Piece]]) -> tuple[float, float, float]:
    def record(footage: Iterable[list[Piece]]) -> None:
        writer = Writer(folder / "recordings", Recorded(id=1, code="bench", retention="public"), Disk())
        for second in footage:
            assert writer.write(second).trouble is None
        writer.close()

    whole = _cpu_ms(lambda: record(_seconds(clip)))
    return whole, _cpu_ms(lambda: record(seconds)), _cpu_ms(lambda: _plain(folder / "plain", seconds))


def _plain(file: Path, seconds: list[list[Piece]]) -> None:
    hashed = hashlib.sha256()
    with file.open("wb", buffering=0) as out:
        for second in seconds:
            data = b"".join(one.data for _, one in second)
            out.write(data)
            os.fdatasync(out.fileno())
            hashed.update(data)


def _clip(file: Path) -> Path:
    """Write noise that no encoder makes smaller than its rate, a key frame each second."""
    noise = np.random.default_rng(7)
    with av.open(str(file), "w", format="h264") as made:
        stream: Any = made.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": str(FPS)})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 640, 360, "yuv420p", BIT_S
        for _ in range(FPS * SECONDS):
            picture = noise.integers(0, 255, (360, 640, 3), dtype=np.uint8)
            made.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        made.mux(stream.encode(None))
    return file


def _seconds(clip: Path) -> Iterator[list[Piece]]:
    """Demux the clip into fragments, second by second."""
    init: Init | None = None
    second: list[Piece] = []
    with av.open(str(clip)) as opened:
        fragmenter, number = Fragmenter(opened.streams.video[0]), 0
        for packet in opened.demux(opened.streams.video[0]):
            for one in fragmenter.of(packet, START + timedelta(seconds=number / FPS)):
                if isinstance(one, Fragment) and init is not None:
                    second.append((init, one))
                    number += 1
                init = one if isinstance(one, Init) else init
            if len(second) >= FPS:
                yield second
                second = []
    if second:
        yield second


def _cpu_ms(run: Callable[[], None]) -> float:
    before = _cpu_s()
    run()
    return round((_cpu_s() - before) * 1000 / SECONDS, 3)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
