"""Person down: somebody who stood lies, and lies still."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ingest.detectors.memory import Memory
from ingest.detectors.plane import centre, cut_off
from ingest.detectors.setting import MOST_HEIGHTS, AnyZone, Common, Dwell_s, check_not_negative, check_zone
from ingest.detectors.track_rule import Due, TrackRule, due_of
from ingest.values import Box, Point, Scene, Track

STANDING = 1.3  # a standing person's box is at least so many times as tall as wide
STOOD_MOMENTS = 3  # in which it must have been seen standing
GAP_S = 4.0  # a fall changes the box so much that the tracker often numbers it anew: this long is waited for it


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDown(Common):
    """Settings. Who was never seen standing is not told: a bench, a pram and a dog lie all day."""

    zone: AnyZone = ()
    dwell_s: Dwell_s = 4.0
    lying: Annotated[
        float,
        Meta(gt=0, le=MOST_HEIGHTS, description="A person lies whose box is at most so many times as tall as wide."),
    ] = 0.9
    still: Annotated[
        float,
        Meta(
            gt=0,
            le=MOST_HEIGHTS,
            description="How far one who lies may move and still lie still, heights of the one standing.",
        ),
    ] = 0.5

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(dwell_s=self.dwell_s, lying=self.lying, still=self.still)


@dataclass(slots=True, kw_only=True)
class _Body:
    """What is known of one person: how tall when standing, where last, since when and where it lies."""

    middle: Point
    stood: int = 0
    tall_px: float = 0.0
    lies_since: datetime | None = None
    lies_at: Point = (0.0, 0.0)
    due_at: datetime | None = None


class PersonDownRule(TrackRule[PersonDown]):
    """The state machine: one body a person, handed over where the tracker numbers it anew."""

    kind = "person_down"

    def __init__(self, settings: PersonDown, size_px: tuple[int, int] | None) -> None:
        """Take the settings and the size of the frames, where it is known."""
        super().__init__(settings)
        self._size_px = size_px
        self._bodies: Memory[_Body] = Memory(GAP_S)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whoever has lain still for long enough and was not told."""
        self._bodies.sweep(at)
        here = [track for track in self.wanted(scene, self.settings.zone) if not cut_off(track.box, self._size_px)]
        self._bodies.hand_over(here, _away)
        bodies = [(track, self._body(track, at)) for track in here]
        due = [found for track, body in bodies if (found := self._due(track, body, at))]
        self.under_way = [body.due_at for _, body in self._bodies.known() if _may_be_down(body)]
        return due

    def _body(self, track: Track, at: datetime) -> _Body:
        middle = centre(track.box)
        body = self._bodies.meet(track.id, at, lambda: _Body(middle=middle))
        body.middle = middle
        self._take_shape(body, track.box, at)
        return body

    def _take_shape(self, body: _Body, box: Box, at: datetime) -> None:
        width, height = box[2] - box[0], box[3] - box[1]
        if height >= STANDING * width:
            body.stood, body.lies_since, body.due_at = body.stood + 1, None, None
            body.tall_px = height if body.stood == 1 else 0.8 * body.tall_px + 0.2 * height
        elif height > self.settings.lying * width:
            body.lies_since = None
        elif body.lies_since is None or math.dist(body.middle, body.lies_at) > self.settings.still * body.tall_px:
            body.lies_since, body.lies_at = at, body.middle

    def _due(self, track: Track, body: _Body, at: datetime) -> Due | None:
        if body.lies_since is None or not _may_be_down(body) or self.heard(body.due_at, at):
            return None
        seconds = (at - body.lies_since).total_seconds()
        if seconds < self.settings.dwell_s:
            return None
        counted, body.due_at = body.due_at is not None, at
        return due_of(track, counted=counted, lies_s=round(seconds, 1))


def _may_be_down(body: _Body) -> bool:
    return body.lies_since is not None and body.stood >= STOOD_MOMENTS


def _away(body: _Body, track: Track) -> float:
    """Say how far a track is from where a body was last seen; its standing height is as far as it may be."""
    return math.dist(body.middle, centre(track.box)) / max(1.0, body.tall_px)
