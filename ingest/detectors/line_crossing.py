"""Line crossing: a confirmed track steps over a line drawn in the picture (ONVIF LineDetector)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from ingest.detectors.crossings import FORGET_S, Crossings
from ingest.detectors.memory import Memory
from ingest.detectors.setting import Common, Cooldown_s, Line, Margin_px, check_line, check_not_negative
from ingest.detectors.track_rule import Due, TrackRule, due_of
from ingest.values import Scene

Direction = Literal["any", "left_to_right", "right_to_left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCrossing(Common):
    """Settings. A track counts once, when its foot is beyond the line."""

    line: Line
    direction: Annotated[Direction, Meta(description="Which way over the line counts.")] = "any"
    cooldown_s: Cooldown_s = 30.0
    margin_px: Margin_px = 4.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_line(self.line)
        check_not_negative(margin_px=self.margin_px)


class LineCrossingRule(TrackRule[LineCrossing]):
    """The state machine: one walk a track."""

    kind = "line_crossing"

    def __init__(self, settings: LineCrossing) -> None:
        """Start with nobody near the line."""
        super().__init__(settings)
        self._crossings = Crossings(settings.line, settings.margin_px)
        self._told: Memory[bool] = Memory(FORGET_S)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whoever has just crossed the right way, for the first time."""
        wanted = self.wanted(scene)
        crossed = self._crossings.meet(wanted, at)
        self._told.sweep(at)
        for track in wanted:
            if track.id in self._told:
                self._told.meet(track.id, at, lambda: True)
        news = [(t, way) for t, way in crossed if t.id not in self._told and self.settings.direction in ("any", way)]
        for track, _ in news:
            self._told.give(track.id, at, True)
        return [due_of(track, direction=way) for track, way in news]
