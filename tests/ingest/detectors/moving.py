"""Tracks that a test moves by hand, and the scenes made of them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.detectors.detector import Function
from ingest.values import Point, Scene, Seen, Track

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP_S = 0.2


def track(foot: Point, number: int = 1, *, size: tuple[float, float] = (24.0, 60.0), **change: Any) -> Track:
    """Return a confirmed person standing there."""
    box = (foot[0] - size[0] / 2, foot[1] - size[1], foot[0] + size[0] / 2, foot[1])
    whole = {"id": number, "label": "person", "score": 0.8, "box": box, "foot": foot, "confirmed": True, "seen": True}
    return Track(**{**whole, **change})


def watch(rule: Function, moments: Iterable[Sequence[Track]], step_s: float = STEP_S) -> list[Seen]:
    """Show a rule the tracks of each moment and return all that it tells."""
    return [
        seen
        for number, tracks in enumerate(moments)
        for seen in rule.update(Scene(at=START + timedelta(seconds=step_s * number), tracks=tuple(tracks)))
    ]


def seconds(seen: Seen) -> float:
    """Return when something was told, seconds from the start."""
    return round((seen.at - START).total_seconds(), 1)
