"""Counting: who crosses a line each way is counted, quietly; an event comes when a limit is passed (ONVIF Counter).

Counts stand in memory alone: once the program was started anew, or the rule changed, the rest of the day is counted.
So each event tells `since` when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from ingest.detectors.crossings import Crossings
from ingest.detectors.detector import Surroundings
from ingest.detectors.setting import (
    LONGEST_S,
    Common,
    Cooldown_s,
    Count,
    Line,
    Margin_px,
    check_line,
    check_not_negative,
)
from ingest.detectors.track_rule import Due, TrackRule
from ingest.values import Scene, Track
from ingest.video_metrics import CROSSINGS
from layers.values import KAZAKHSTAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Common):
    """Settings. Without limits nothing is told: the counts stand in the metrics alone.

    Going in is stepping from the left of the line to its right.
    """

    line: Line
    most_inside: Annotated[
        Count | None,
        Meta(description="Tell when more are inside (in less out since midnight, or a later start); none: never."),
    ] = None
    most_an_interval: Annotated[
        Count | None, Meta(description="Tell when more cross, both ways together, within the interval; none: never.")
    ] = None
    interval_s: Annotated[float, Meta(gt=0, le=LONGEST_S, description="Length of the interval, seconds.")] = 900.0
    cooldown_s: Cooldown_s = 300.0
    margin_px: Margin_px = 4.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_line(self.line)
        limits = self.most_inside or 0, self.most_an_interval or 0
        check_not_negative(margin_px=self.margin_px, most_inside=limits[0], most_an_interval=limits[1])
        if not self.interval_s > 0:
            raise ValueError("interval_s must be more than nothing")


@dataclass(slots=True, kw_only=True)
class Counts:
    """How many went in and out, and `since` when on this day; how many both ways since the interval began."""

    since: datetime
    began: datetime
    went_in: int = 0
    went_out: int = 0
    lately: int = 0


class CountingRule(TrackRule[Counting]):
    """The state machine: two counts, and whether each limit was told since it was passed."""

    kind = "counting"

    def __init__(self, settings: Counting, among: Surroundings) -> None:
        """Start at nothing."""
        super().__init__(settings)
        self._metrics = {way: CROSSINGS.labels(among.camera_code, way) for way in ("in", "out")}
        self._crossings = Crossings(settings.line, settings.margin_px)
        self._counts: Counts | None = None
        self._passed_at: dict[str, datetime] = {}

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Count who crosses and return the last of them where that passed a limit."""
        counts = self._counted_from(at)
        crossed = self._crossings.meet(self.wanted(scene), at)
        self._forget(self._passed(counts))
        for _, way in crossed:
            self._count(counts, into=way == "left_to_right")
        return self._news(crossed[-1][0], counts, at) if crossed else []

    def _forget(self, passed: set[str]) -> None:
        self._passed_at = {limit: then for limit, then in self._passed_at.items() if limit in passed}

    def _news(self, last: Track, counts: Counts, at: datetime) -> list[Due]:
        """Return each limit that is passed and of which nobody heard since; one passed in the quiet is told after."""
        passed = self._passed(counts)
        self._forget(passed)
        news = [limit for limit in sorted(passed) if not self.heard(self._passed_at.get(limit), at)]
        due = [self._due(last, counts, limit) for limit in news]
        self._passed_at |= dict.fromkeys(news, at)
        return due

    def _counted_from(self, at: datetime) -> Counts:
        midnight = at.astimezone(KAZAKHSTAN).replace(hour=0, minute=0, second=0, microsecond=0)
        if self._counts is None or self._counts.since < midnight:
            self._counts = Counts(since=at if self._counts is None else midnight, began=at)
        if (at - self._counts.began).total_seconds() >= self.settings.interval_s:
            self._counts.began, self._counts.lately = at, 0
        return self._counts

    def _count(self, counts: Counts, *, into: bool) -> None:
        self._metrics["in" if into else "out"].inc()
        counts.went_in += into
        counts.went_out += not into
        counts.lately += 1

    def _passed(self, counts: Counts) -> set[str]:
        numbers = {"most_inside": counts.went_in - counts.went_out, "most_an_interval": counts.lately}
        limits = {"most_inside": self.settings.most_inside, "most_an_interval": self.settings.most_an_interval}
        return {name for name, limit in limits.items() if limit is not None and numbers[name] > limit}

    def _due(self, last: Track, counts: Counts, limit: str) -> Due:
        since = counts.since.astimezone(UTC).isoformat(timespec="seconds")
        told = {"limit": limit, "in": counts.went_in, "out": counts.went_out, "since": since, "lately": counts.lately}
        return Due(certainty=last.score, box=last.box, foot=last.foot, details=told, counted=limit in self._passed_at)
