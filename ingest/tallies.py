"""What one camera's way through its steps costs and brings; read by who tells how it fares."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ingest.pipeline import Moment, Step

WEIGHT_OF_NEW = 0.1


@dataclass(slots=True)
class Tallies:
    """Counts since the camera was started, and smoothed milliseconds of its dearest steps."""

    frames: int = 0
    detections: int = 0
    faults: int = 0
    gate_ms: float | None = None
    detector_ms: float | None = None
    awake: bool = False

    def gate(self, step: Step) -> Step:
        """Return the gate, measured; whether it let the moment through awake is noted."""

        def measured(moment: Moment) -> Moment | None:
            passed, self.gate_ms = _timed(lambda: step(moment), self.gate_ms)
            self.awake = passed is not None and passed.awake
            return passed

        return measured

    def detect(self, step: Step) -> Step:
        """Return the search for objects, measured and counted; a moment asleep is not searched and does not count."""

        def measured(moment: Moment) -> Moment | None:
            if not moment.awake:
                return moment
            found, self.detector_ms = _timed(lambda: step(moment), self.detector_ms)
            self.detections += 1
            return found

        return measured


def _timed(work: Callable[[], Moment | None], before_ms: float | None) -> tuple[Moment | None, float]:
    began_s = time.perf_counter()
    done = work()
    took_ms = (time.perf_counter() - began_s) * 1000
    return done, took_ms if before_ms is None else (1 - WEIGHT_OF_NEW) * before_ms + WEIGHT_OF_NEW * took_ms
