"""Fire in the picture: the colour of flames, their flicker, and that they stay.

Colour by the rules of Celik & Demirel (2009) in YCbCr with a floor for red, flicker as zero crossings of the brightness
of a block about its own mean (Toreyin et al. 2006), and a second of persistence. A lamp that blinks flickers too, but
goes out in between, and all of it at once; a flame does neither.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

import cv2
import numpy as np
from msgspec import Meta

from ingest.detectors.cooldown import Cooldown, Repeats
from ingest.detectors.elapsed import Elapsed
from ingest.detectors.setting import LASTS, Cooldown_s, LeastBlocks
from ingest.detectors.small import Bools, Floats, Glass, Masks, Region, Small, blocks, regions
from ingest.values import Image, Point, Scene, Seen

WINDOW = timedelta(seconds=2)
LEAST_FRAMES = 8  # in a window: with fewer than four frames a second nothing is known of flicker
RED_FLOOR = 190
CR_OVER_CB = 20
LEAST_SHARE = 0.15  # of a block, on average over the window, has the colour
LEAST_SWING = 5.0  # grey levels, one standard deviation of a block's brightness
CROSSING = 2.0  # grey levels beyond the mean count as the other side
LEAST_CROSSINGS = 4  # in a window
LEAST_LIT = 0.7  # of its mean size a flame keeps for 85 % of the time; a lamp that blinks goes out
MOST_TOGETHER = 0.75  # correlation of the brightness of its blocks: those of a lamp are lit by one light
MOST_PERSISTED_S = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """Settings. Told once a flame has stayed `persist_s` seconds after the two that its flicker takes to be known."""

    persist_s: Annotated[float, Meta(gt=0, lt=MOST_PERSISTED_S, description=LASTS)] = 1.0
    least_blocks: LeastBlocks = 2  # of 8 x 8 px in a picture 320 px wide
    cooldown_s: Cooldown_s = 60.0

    def __post_init__(self) -> None:
        """Refuse times and sizes that cannot be. ValueError."""
        if not (0 < self.persist_s < MOST_PERSISTED_S and self.cooldown_s >= 0 and self.least_blocks >= 1):
            raise ValueError(
                "persist_s must lie between 0 and 4, cooldown_s not be negative, least_blocks be 1 or more"
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What one frame shows: in each block the share of fire's colour, and the brightness."""

    at: datetime
    share: Floats
    luma: Floats


@dataclass(slots=True)
class FireRule:
    """The memory of one camera: two seconds of blocks, and since when each has burnt."""

    settings: Fire
    masks: Masks = ()
    _glass: Glass = field(init=False)
    _quiet: Cooldown = field(init=False)
    _repeats: Repeats = field(default_factory=Repeats)
    _clock: Elapsed = field(default_factory=lambda: Elapsed(longest_s=1.0))
    _looks: deque[_Look] = field(default_factory=deque)
    _burnt_s: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def __post_init__(self) -> None:
        """Start with nothing seen."""
        self._glass = Glass(self.masks)
        self._quiet = Cooldown(self.settings.cooldown_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Return at most one event: the largest flame there is, unless the rule is quiet."""
        if scene.image is None:
            return ()
        small, new = self._glass.look(scene.image)
        self._remember(small, scene.at, new)
        passed_s = self._clock.step(scene.at)
        flames = self._flames(passed_s)
        if not flames:
            return ()
        merged = self._quiet.speak(scene.at, self._repeats.count(scene.at))
        return () if merged is None else (self._tell(flames[0], small, scene.at, merged),)

    def _remember(self, small: Small, at: datetime, new: bool) -> None:
        look = _look(small, at)
        if new or (self._looks and at < self._looks[-1].at):
            self._looks.clear()
            self._burnt_s = np.zeros_like(look.share)
        self._looks.append(look)
        while at - self._looks[0].at > WINDOW:
            self._looks.popleft()

    def _flames(self, passed_s: float) -> list[Region]:
        burning = flickering(self._looks)
        self._burnt_s += np.where(burning, passed_s, -passed_s).astype(np.float32)
        np.clip(self._burnt_s, 0, MOST_PERSISTED_S, out=self._burnt_s)
        stayed = regions(self._burnt_s > self.settings.persist_s, self.settings.least_blocks)
        return [flame for flame in stayed if licks(self._looks, flame.mask)]

    def _tell(self, flame: Region, small: Small, at: datetime, merged: int) -> Seen:
        box = flame.box(small)
        foot: Point = ((box[0] + box[2]) / 2, box[3])
        certainty = min(0.9, 0.5 + 0.02 * flame.cells)
        details = {"blocks": flame.cells, "merged": merged}
        return Seen(kind="fire", at=at, certainty=certainty, box=box, foot=foot, details=details)


def _look(small: Small, at: datetime) -> _Look:
    y, cr, cb = cv2.split(cv2.cvtColor(small.image, cv2.COLOR_BGR2YCrCb))
    share = blocks((_colour(small.image, y, cr, cb) & small.open).astype(np.float32))
    return _Look(at, share, blocks(y))


def _colour(image: Image, y: Image, cr: Image, cb: Image) -> Bools:
    """Say which pixels have the colour of fire."""
    b, g, r = cv2.split(image)
    warm = (r > RED_FLOOR) & (r >= g) & (g > b) & (y > cb) & (cr > cv2.add(cb, CR_OVER_CB))
    brighter: Bools = warm & (y > y.mean()) & (cb < cb.mean()) & (cr > cr.mean())
    return brighter


def flickering(looks: deque[_Look]) -> Bools:
    """Say which blocks have fire's colour and flicker; none while there are too few frames to tell."""
    if len(looks) < LEAST_FRAMES or looks[-1].at - looks[0].at < 0.75 * WINDOW:
        return np.zeros_like(looks[-1].share, bool)
    share = np.stack([look.share for look in looks]).mean(0)
    luma = np.stack([look.luma for look in looks])
    off = luma - luma.mean(0)
    up = (off[1:] > CROSSING) & (off[:-1] <= CROSSING)
    down = (off[1:] < -CROSSING) & (off[:-1] >= -CROSSING)
    crossings = up.sum(0) + down.sum(0)
    found: Bools = (share > LEAST_SHARE) & (luma.std(0) > LEAST_SWING) & (crossings >= LEAST_CROSSINGS)
    return found


def licks(looks: deque[_Look], where: Bools) -> bool:
    """Say whether what burns there is alive: never out, and its parts do not brighten and darken as one."""
    around = cv2.dilate(where.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    lit = np.array([look.share[around].sum() for look in looks])
    if np.percentile(lit, 15) < LEAST_LIT * lit.mean():
        return False
    series = np.stack([look.luma[where] for look in looks], axis=1)
    return together(series) < MOST_TOGETHER


def together(series: Floats) -> float:
    """Return how alike rows of values go up and down, -1 to 1: the mean correlation of two of them; 0 for one row."""
    rows = len(series)
    if rows < 2:
        return 0.0
    off = series - series.mean(1, keepdims=True)
    unit = off / np.maximum(np.linalg.norm(off, axis=1, keepdims=True), 1e-6)
    return float((np.square(unit.sum(0)).sum() - rows) / (rows * (rows - 1)))
