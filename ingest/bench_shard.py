"""The measured side of the video bench: `python -m ingest.bench_shard` runs the cameras that stdin names, on its own.

It answers one JSON object: cores used, looks a second over all and of the camera with fewest, bare looks a second of
the model alone on the same core right after, live cameras, the oldest frame, memory, faults.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ingest.detectors.objects import OnnxObjects, open_objects
from ingest.picture import Pixels
from ingest.shards.limits import limit_process
from ingest.values import EventDraft
from ingest.watching import Watching
from layers.cameras.queries import CameraRow
from layers.logs import configure
from layers.values import LonLat

RULES = [
    {"function": "line_crossing", "settings": {"line": [[460, 100], [460, 270]]}},
    {"function": "zone_motion", "settings": {"zone": [[330, 110], [580, 110], [630, 270], [350, 210]]}},
]


def rows(urls: list[str]) -> list[CameraRow]:
    """Return a camera for each address, calibrated by its pose, with two rules."""
    return [
        CameraRow(
            id=n, code=f"bench-{n}", place=LonLat(lon=76.94, lat=43.24), url=url, reader="rtsp",
            height_m=7.2, heading_deg=35, tilt_deg=17.1, roll_deg=0, hfov_deg=36.9, width_px=640, height_px=360,
            control_points=[], rules=RULES,
        )
        for n, url in enumerate(urls, start=1)
    ]  # fmt: skip


def run(home: Path, urls: list[str], warm_s: float, run_s: float) -> dict[str, Any]:
    """Run the cameras and return what they cost."""
    detector = open_objects(home / "models" / "nanodet.card.json")
    watching = Watching(home, detector, _passed, workers=1)
    watching.keep(rows(urls))
    time.sleep(warm_s)
    looks, cpu_s, began_s = _looks(watching), _cpu_s(), time.monotonic()
    time.sleep(run_s)
    ran_s = time.monotonic() - began_s
    cores = (_cpu_s() - cpu_s) / ran_s
    each = [(after - before) / ran_s for before, after in zip(looks, _looks(watching), strict=True)]
    told = {"cores": cores, "ran_s": ran_s, "looks_s": sum(each), "fewest_looks_s": min(each), **_standing(watching)}
    watching.stop()
    return {**told, "bare_s": _bare_s(detector)}


def _standing(watching: Watching) -> dict[str, Any]:
    now, told = datetime.now(UTC), [watch.health() for watch in watching.watches.values()]
    ages = [(now - health.last_frame_at).total_seconds() for health in told if health.last_frame_at]
    return {
        "live": sum(health.state == "live" for health in told),
        "oldest_s": max(ages, default=0.0),
        "rss_mb": int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20,
        "faults": sum(watch.tallies.faults for watch in watching.watches.values()),
        "reconnects": sum(health.reconnects for health in told),
    }


def _looks(watching: Watching) -> list[int]:
    return [watch.tallies.detections for watch in watching.watches.values()]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _bare_s(detector: OnnxObjects) -> float:
    """Return looks a second of the model alone, on a picture that stands ready."""
    given = detector.given(Pixels(np.zeros((360, 640, 3), np.uint8)))
    began_s, done = time.perf_counter(), 0
    while time.perf_counter() - began_s < 3.0:
        detector.session.run(None, given)
        done += 1
    return done / (time.perf_counter() - began_s)


def _passed(_: EventDraft) -> None:
    return None


if __name__ == "__main__":
    configure("bench")
    limit_process()
    asked = json.load(sys.stdin)
    print(json.dumps(run(Path(asked["home"]), asked["urls"], asked["warm_s"], asked["run_s"])))
