"""What every rule on tracks shares: who counts, the quiet between events, one event for all that happens at once."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.memory import Steady
from ingest.detectors.plane import area_px2, inside
from ingest.detectors.setting import Common
from ingest.values import Box, Point, Scene, Seen, Track

S = TypeVar("S", bound=Common)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to be told now: how sure it is from 0 to 1, where, and what else there is to say."""

    certainty: float
    box: Box
    foot: Point
    details: dict[str, Any] = field(default_factory=dict)
    counted: bool = False  # it was due before, while the rule was quiet, and lasts still


class TrackRule(ABC, Generic[S]):
    """A state machine over scenes; what is due is its own, when it is told is the same for all."""

    kind: ClassVar[str]

    def __init__(self, settings: S) -> None:
        """Start with nothing told."""
        self.settings = settings
        self.under_way: Sequence[datetime | None] = ()  # what lasts now and need not move for it: when it was due
        self._clock = Steady()
        self._quiet = Cooldown(cooldown_s=settings.cooldown_s, settle_s=settings.settle_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Return at most one event, the surest of what is due; the others are counted, as all is while it is quiet."""
        at = self._clock(scene.at)
        self._quiet.see(at)
        due = self.due(scene, at)
        merged = self._quiet.speak(at, sum(not one.counted for one in due)) if due else None
        if merged is None:
            return ()
        one = max(due, key=lambda due: due.certainty)
        details = {**one.details, "merged": merged}
        return (
            Seen(kind=self.kind, at=scene.at, certainty=one.certainty, box=one.box, foot=one.foot, details=details),
        )

    def heard(self, due_at: datetime | None, at: datetime) -> bool:
        """Say whether what was due at a moment, and lasts, needs no word now: it was told, or the rule is quiet still.

        Whoever falls while the rule is quiet after another fall, and lies there when that is over, is told then.
        """
        return self._quiet.heard(due_at, at)

    @property
    def awaits(self) -> bool:
        """Say whether the next frames are wanted though nothing moves: something lasts that was not told yet."""
        return not all(map(self._quiet.told, self.under_way))

    @abstractmethod
    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Take the next moment and return what there is to tell; `at` is the scene's time, which never runs back."""

    def wanted(self, scene: Scene, zone: Sequence[Point] = (), *, labels: tuple[str, ...] | None = None) -> list[Track]:
        """Return the tracks that count: confirmed, seen in this moment, wanted, large enough, standing in the zone."""
        labels, least = self.settings.labels if labels is None else labels, self.settings.min_area_px2
        return [
            track
            for track in scene.tracks
            if track.confirmed and track.seen and (not labels or track.label in labels)
            if math.isfinite(sum(track.box) + sum(track.foot)) and area_px2(track.box) >= least
            if not zone or inside(zone, track.foot)
        ]


def due_of(track: Track, *, counted: bool = False, **details: Any) -> Due:
    """Return what there is to tell of one track."""
    told = {"track": track.id, "label": track.label, **details}
    return Due(certainty=track.score, box=track.box, foot=track.foot, details=told, counted=counted)


def around(tracks: Sequence[Track]) -> tuple[Box, Point]:
    """Return the box around tracks and the middle of where they stand."""
    x0, y0, x1, y1 = zip(*(track.box for track in tracks), strict=True)
    feet = [track.foot for track in tracks]
    return (min(x0), min(y0), max(x1), max(y1)), (_mean([x for x, _ in feet]), _mean([y for _, y in feet]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def mean_score(tracks: Sequence[Track]) -> float:
    """Return how sure the model is of tracks on the average."""
    return _mean([track.score for track in tracks])
