"""How much of the bare model's speed is left after a camera's whole way: gate, detect, track, rules, place, draft.

The steps are those that a watched camera is given, in their order. Decoding the video is not counted: frames of the
real clip stand ready in memory, as the decoder leaves them. Both sides use the same session and one thread, as a shard
does, turn by turn, so that other work on the machine slows both alike.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2

from ingest import pipeline
from ingest.detectors.objects import OnnxObjects, open_objects
from ingest.sources.decoded import Decoded
from ingest.values import Frame
from ingest.watching import Watch
from layers.cameras.queries import CameraRow
from layers.values import LonLat

FRAMES, ROUNDS, ASKED = 32, 24, 0.9
START = datetime(2026, 1, 1, tzinfo=UTC)
CLIP = "fetched/vtest.avi"
CAMERA = CameraRow(
    id=1, code="bench", place=LonLat(lon=76.94, lat=43.24), url=CLIP, reader="file",
    height_m=7.2, heading_deg=35, tilt_deg=17.1, roll_deg=0, hfov_deg=36.9, width_px=768, height_px=576,
    control_points=[],
    rules=[
        {"function": "line_crossing", "settings": {"line": [[560, 150], [560, 430]]}},
        {"function": "zone_motion", "settings": {"zone": [[400, 180], [700, 180], [760, 430], [420, 330]]}},
    ],
)  # fmt: skip


def figures(home: Path) -> list[dict[str, Any]]:
    """Measure frames a second of the pipeline beside bare `session.run`; the ratio is the median of the rounds.

    ModelError where the model is not converted yet; FFmpegError where the clip is no video.
    """
    cv2.setNumThreads(1)
    detector = open_objects(home / "models" / "nanodet.card.json")
    decoded = _decoded(home / CLIP)
    rounds = [_round(home, detector, decoded) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    value = statistics.median(whole for whole, _ in rounds)
    floor = statistics.median(bare for _, bare in rounds)
    ratio = statistics.median(whole / bare for whole, bare in rounds)
    return [
        {
            "name": "detect",
            "value": round(value, 2),
            "unit": "frames/s of the pipeline",
            "floor": round(floor, 2),
            "ratio": round(ratio, 3),
            "asked": f"ratio >= {ASKED}",
            "holds": ratio >= ASKED,
        }
    ]


def _decoded(clip: Path) -> list[av.VideoFrame]:
    with av.open(str(clip)) as container:
        return list(islice(container.decode(video=0), FRAMES + 1))


def _round(home: Path, detector: OnnxObjects, decoded: Sequence[av.VideoFrame]) -> tuple[float, float]:
    """Return frames a second of the pipeline and of the bare model, one after the other."""
    given = detector.given(Decoded(decoded[0]))
    whole = _rate(_camera(home, detector, decoded))
    return whole, _rate(lambda: [detector.session.run(None, given) for _ in decoded[1:]])


def _camera(home: Path, detector: OnnxObjects, decoded: Sequence[av.VideoFrame]) -> Callable[[], object]:
    """Return the work of one camera; its gate has seen the first picture, so that every other one passes and counts."""
    watch = Watch(CAMERA, home, detector)
    frames = [
        Frame(picture=Decoded(frame), at=START + timedelta(seconds=index / 10), camera_id=CAMERA.id, sequence=index)
        for index, frame in enumerate(decoded)
    ]
    pipeline.run(watch.steps, frames[0])

    def work() -> None:
        for frame in frames[1:]:
            pipeline.run(watch.steps, frame)

    return work


def _rate(work: Callable[[], object]) -> float:
    """Return frames a second."""
    began = time.perf_counter()
    work()
    return FRAMES / (time.perf_counter() - began)
