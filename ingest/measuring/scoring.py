"""What was told beside what was true: recall, false alarms a camera-day, delay; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import chi2

from ingest.measuring.clip import Truth

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One clip watched to its end: when something was told, in seconds from its beginning, and how much was watched."""

    on: str
    truths: tuple[Truth, ...]
    told_s: tuple[float, ...]
    frames: int
    seconds: float


def score(runs: Sequence[Run]) -> dict[str, Any]:
    """Return what a card says of the clips of one kind. Without truths there is no recall, without finds no delay.

    The rate of false alarms is that of the seconds watched, however few; what it is at most, with 95 % confidence
    (Poisson), stands beside it.
    """
    delays = sorted(delay for run in runs for delay in _delays(run))
    truths, seconds = sum(len(run.truths) for run in runs), sum(run.seconds for run in runs)
    false = sum(len(_false(run)) for run in runs)
    return {
        "on": runs[0].on,
        "n": truths,
        "recall": round(len(delays) / truths, 3) if truths else None,
        "delay_p95_s": round(delays[math.ceil(0.95 * len(delays)) - 1], 1) if delays else None,
        "false_alarms": false,
        "false_alarms_per_camera_day": round(false * DAY_S / seconds, 1) if seconds else None,
        "at_most_per_camera_day": round(float(chi2.ppf(0.95, 2 * false + 2)) / 2 * DAY_S / seconds)
        if seconds
        else None,
        "frames": sum(run.frames for run in runs),
        "seconds": round(seconds, 1),
    }


def _delays(run: Run) -> list[float]:
    """Return how long after its beginning each truth was first told, of those that were."""
    firsts = (next((at for at in run.told_s if _tells(at, truth)), None) for truth in run.truths)
    return [at - truth.since_s for at, truth in zip(firsts, run.truths, strict=True) if at is not None]


def _false(run: Run) -> list[float]:
    return [at for at in run.told_s if not any(_tells(at, truth) for truth in run.truths)]


def _tells(at_s: float, truth: Truth) -> bool:
    return truth.since_s <= at_s <= truth.until_s
