"""How much of the bare model's speed is left after prepare, run, decode of the head, track and rules.

Decoding the video is not counted: frames of the real clip stand ready in memory. Both sides use the same session and as
many threads as there are cores, turn by turn, so that other work on the machine slows both alike.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2

from ingest import pipeline
from ingest.detectors.line_crossing import LineCrossing, LineCrossingRule
from ingest.detectors.objects import OnnxObjects, open_objects
from ingest.detectors.zone_motion import ZoneMotion, ZoneMotionRule
from ingest.pipeline import Step
from ingest.sources.opening import picture
from ingest.tracking import Tracker
from ingest.values import Frame, Image

FRAMES, ROUNDS, ASKED = 16, 8, 0.85
START = datetime(2026, 1, 1, tzinfo=UTC)


def figures(home: Path) -> list[dict[str, Any]]:
    """Measure frames a second of detection, tracking and rules beside bare `session.run`; the ratio is their median.

    ModelError where the model is not converted yet; FFmpegError where the clip is no video.
    """
    cv2.setNumThreads(1)
    detector = open_objects(home / "models" / "nanodet.card.json")
    images = _images(home / "fetched" / "vtest.avi")
    rounds = [_round(detector, images) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    value = statistics.median(whole for whole, _ in rounds)
    floor = statistics.median(bare for _, bare in rounds)
    ratio = statistics.median(whole / bare for whole, bare in rounds)
    return [
        {
            "name": "detect",
            "value": round(value, 2),
            "unit": "frames/s of detection, tracking and two rules",
            "floor": round(floor, 2),
            "ratio": round(ratio, 3),
            "asked": f"ratio >= {ASKED}",
            "holds": ratio >= ASKED,
        }
    ]


def _images(clip: Path) -> list[Image]:
    with av.open(str(clip)) as container:
        return [picture(frame) for frame in islice(container.decode(video=0), FRAMES)]


def _round(detector: OnnxObjects, images: Sequence[Image]) -> tuple[float, float]:
    """Return frames a second of detection, tracking and rules, and of the bare model, one after the other."""
    blob = detector.prepare(images[0])
    whole = _rate([_camera(number, detector, images) for number in range(_threads())])
    bare = _rate([lambda: [detector.session.run(None, {detector.input_name: blob}) for _ in images]] * _threads())
    return whole, bare


def _threads() -> int:
    return os.cpu_count() or 1


def _camera(number: int, detector: OnnxObjects, images: Sequence[Image]) -> Callable[[], object]:
    """Return the work of one camera: every frame through detection, tracking and two rules."""
    line = LineCrossingRule(LineCrossing(line=((560, 150), (560, 430))))
    zone = ZoneMotionRule(ZoneMotion(zone=((400, 180), (700, 180), (760, 430), (420, 330))))
    steps: list[Step] = [pipeline.detect(detector), pipeline.track(Tracker()), pipeline.tell([line, zone])]

    def work() -> None:
        for index, image in enumerate(images):
            at = START + timedelta(seconds=index / 10)
            pipeline.run(steps, Frame(image=image, at=at, camera_id=number, sequence=index))

    return work


def _rate(works: Sequence[Callable[[], object]]) -> float:
    """Return frames a second of works that run side by side, one thread each."""
    with ThreadPoolExecutor(len(works)) as pool:
        began = time.perf_counter()
        for done in [pool.submit(work) for work in works]:
            done.result()
        return FRAMES * len(works) / (time.perf_counter() - began)
