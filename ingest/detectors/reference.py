"""The view that a camera is held to, how far it has followed the camera, and since when that looks elsewhere."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.detectors.shift import Compass, Move, Sight

FOLLOW_S = 600.0  # how slowly the picture to compare with takes on the light of the day
STEADY_PERCENT = 0.3  # two looks at a camera that stands still agree within this
PATIENCE = 6  # times as long for a view in which nothing is where it was: a bus may stand before the lens


@dataclass(slots=True, kw_only=True)
class Reference:
    """A view. What the camera looks at is measured from where it looked first, though the view follows it slowly."""

    view: Sight
    crept: tuple[float, float] = (0.0, 0.0)  # how far the view lies from the first, small pixels
    away: tuple[datetime, Move] | None = None

    def move(self, compass: Compass, now: Sight) -> Move:
        """Return how what is seen now lies beside the first view."""
        move = compass.move(self.view, now)
        if move.how != "shift":
            return move
        return Move(how="shift", dx=move.dx + self.crept[0], dy=move.dy + self.crept[1])

    def stays_away(self, move: Move, at: datetime, *, limit_percent: float, hold_s: float) -> bool:
        """Say whether the camera has looked at one other place for long enough."""
        height, width = self.view.luma.shape
        if move.how == "nothing" or move.percent(width, height) <= limit_percent:
            self.away = None
            return False
        if self.away is None or at < self.away[0] or not _agree(self.away[1], move, width, height):
            self.away = at, move
        patience = PATIENCE if move.how == "other_view" else 1
        return at - self.away[0] >= timedelta(seconds=hold_s * patience)

    def follow(self, now: Sight, move: Move, passed_s: float) -> None:
        """Let the view take on the light of the day, and remember how far that has moved it."""
        if self.away is not None or move.how != "shift":
            return
        share = 1 - math.exp(-passed_s / FOLLOW_S)
        self.view.edges[:] += share * (now.edges - self.view.edges)
        x, y = self.crept
        self.crept = x + share * (move.dx - x), y + share * (move.dy - y)


def _agree(before: Move, now: Move, width: float, height: float) -> bool:
    if "other_view" in (before.how, now.how):
        return before.how == now.how
    across, down = abs(before.dx - now.dx) / width, abs(before.dy - now.dy) / height
    return 100 * max(across, down) <= 2 * STEADY_PERCENT
