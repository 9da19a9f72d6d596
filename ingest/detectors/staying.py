"""What has changed in a camera's picture and stays so, though nobody is by it: a thing left, or a thing taken.

Two pictures are kept, a fast one of seconds and a slow one of minutes (Porikli et al. 2008). Where they differ and the
moment agrees with the fast one something stays. It is alone while no person is near; persons and vehicles themselves
are no things, and nothing is learnt or counted where they stand. When a camera falls asleep nothing moves: whoever
stood there stands there still, and the scenes' clock goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import cv2
import numpy as np

from ingest.detectors.elapsed import Elapsed, Every
from ingest.detectors.setting import PEOPLE, VEHICLES
from ingest.detectors.small import Bools, Floats, Glass, Masks, Region, Small, regions
from ingest.values import Box, Scene, Track

FAST_S, SLOW_S, ABSORB_S = 2.0, 60.0, 1800.0  # how long each picture takes to follow, and the slow one what stays
DIFFERENT, CALM = 28.0, 14.0  # grey levels of the most different channel
LEARN_S = 4.0  # a pixel must be calm and free so long before it is known
LINGER = timedelta(seconds=3)  # a person whom the model overlooks for a moment is still there
FADES = 4.0  # how much faster a stay is forgotten than it was gathered
MOST_CHANGED = 0.35  # of the picture: more is light, weather or another view, and all is learnt anew
MOST_SHARE = 0.2  # of the picture: nothing so large was put down
LIGHT = 0.7  # correlation of the fine structure before and now: a shadow or a spot of light lets it through


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stay:
    """Something that stays: where, for how long alone in seconds, and whether it came (or went)."""

    region: Region
    box: Box
    alone_s: float
    came: bool
    edges: tuple[float, float]  # how plain its outline was before and is now, grey levels


@dataclass(slots=True, kw_only=True)
class Staying:
    """The memory of one camera. `reach` is how near a person counts as by it, in heights of that person."""

    masks: Masks = ()
    least_px2: float
    alone_s: float
    reach: float = 1.0
    every_s: float = 0.5
    small: Small | None = None
    _glass: Glass = field(init=False)
    _every: Every = field(init=False)
    _clock: Elapsed = field(default_factory=Elapsed)
    _at: datetime | None = None
    _people: "_People" = field(default_factory=lambda: _People())
    _fast: Floats = field(default_factory=lambda: np.zeros((0, 0, 3), np.float32))
    _slow: Floats = field(default_factory=lambda: np.zeros((0, 0, 3), np.float32))
    _calm_s: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _alone_s: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _told: Bools = field(default_factory=lambda: np.zeros((0, 0), bool))

    def __post_init__(self) -> None:
        """Start with nothing known."""
        self._glass, self._every = Glass(self.masks), Every(self.every_s)

    def update(self, scene: Scene) -> list[Stay]:
        """Take a moment, first as a picture, then with its tracks, and return what has just been alone for long."""
        if scene.at == self._at:
            self._people.meet(scene.tracks, scene.at)
            return []
        self._at = scene.at
        if scene.image is None or not self._every.due(scene.at):
            return []
        self.small, new = self._glass.look(scene.image)
        passed_s = self._clock.step(scene.at)
        picture = self.small.image.astype(np.float32)
        if new:
            self._begin(picture)
        else:
            self._step(picture, self.small, passed_s)
        return list(self._due(self.small))

    def _begin(self, picture: Floats) -> None:
        self._fast, self._slow = picture.copy(), picture.copy()
        self._calm_s, self._alone_s = (np.zeros(picture.shape[:2], np.float32) for _ in range(2))
        self._told = np.zeros(picture.shape[:2], bool)

    def _step(self, picture: Floats, small: Small, passed_s: float) -> None:
        self._fast += (1 - np.exp(-passed_s / FAST_S)) * (picture - self._fast)
        calm = _apart(picture, self._fast) < CALM
        busy, near = self._people.cover(small, self.reach)
        self._learn(calm & ~busy, passed_s)
        changed = (_apart(self._fast, self._slow) > DIFFERENT) & small.open & (self._calm_s >= LEARN_S)
        if changed.mean() > MOST_CHANGED:
            self._begin(picture)
            return
        self._count(changed, calm, busy | near, passed_s)
        share = np.where(changed | busy, 1 - np.exp(-passed_s / ABSORB_S), 1 - np.exp(-passed_s / SLOW_S))
        self._slow += (share * (self._calm_s >= LEARN_S))[..., None].astype(np.float32) * (self._fast - self._slow)

    def _learn(self, free: Bools, passed_s: float) -> None:
        """Know a pixel once it has been calm, with nobody in it, for a while."""
        unknown = self._calm_s < LEARN_S
        self._calm_s[free & unknown] += passed_s
        newly = unknown & (self._calm_s >= LEARN_S)
        self._slow[newly] = self._fast[newly]

    def _count(self, changed: Bools, calm: Bools, attended: Bools, passed_s: float) -> None:
        """Let what stays alone grow older; while someone is by it, or passes before it, it waits."""
        self._alone_s[changed & calm & ~attended] += passed_s
        self._alone_s[~changed] -= FADES * passed_s
        np.maximum(self._alone_s, 0, out=self._alone_s)
        self._told &= self._alone_s > 0

    def _due(self, small: Small) -> Iterator[Stay]:
        long = self._alone_s >= self.alone_s
        if not (long & ~self._told).any():
            return
        whole = cv2.morphologyEx(long.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0
        least = max(1, int(self.least_px2 / small.shrink**2))
        for region in regions(whole, least):
            known = self._told[region.mask].mean() > 0.3
            self._told |= region.mask
            if known or region.cells > MOST_SHARE * whole.size or self._is_light(region):
                continue
            before, now = (_outline(picture, region) for picture in (self._slow, self._fast))
            alone_s = float(np.median(self._alone_s[region.mask]))
            box = region.box(small, 1)
            yield Stay(region=region, box=box, alone_s=alone_s, came=now >= before, edges=(before, now))

    def _is_light(self, region: Region) -> bool:
        """Say whether what was there still shows, only lighter or darker; on even ground nobody can tell."""
        inner = cv2.erode(region.mask.astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=0) > 0
        pair = [_fine(picture)[inner if inner.any() else region.mask] for picture in (self._slow, self._fast)]
        before, now = (fine - fine.mean() for fine in pair)
        both = float(np.sqrt((before @ before) * (now @ now)))
        return both > 0 and float(before @ now) > LIGHT * both


@dataclass(slots=True)
class _People:
    """Where persons and vehicles stand, which are no things. Overlooked for a moment, they are still there."""

    _met: list[tuple[datetime, Track]] = field(default_factory=list)

    def meet(self, tracks: Sequence[Track], at: datetime) -> None:
        """Take the tracks of this moment; without any moment nobody has gone."""
        here = [track for track in tracks if track.label in PEOPLE + VEHICLES]
        ids = {track.id for track in here}
        kept = [(met, track) for met, track in self._met if track.id not in ids and timedelta(0) <= at - met <= LINGER]
        self._met = kept + [(at, track) for track in here]

    def cover(self, small: Small, reach: float) -> tuple[Bools, Bools]:
        """Return the pixels in which they stand, and those that a person is near."""
        busy, near = (np.zeros(small.open.shape, bool) for _ in range(2))
        for _, track in self._met:
            busy[_part(track.box, small, 0.15)] = True
            if track.label in PEOPLE:
                near[_part(track.box, small, reach)] = True
        return busy, near


def _part(box: Box, small: Small, reach: float) -> tuple[slice, slice]:
    """Return the part of the small picture within `reach` heights of a box."""
    x0, y0, x1, y1 = (value / small.shrink for value in box)
    by = reach * (y1 - y0)
    rows = slice(max(0, int(y0 - by)), max(0, int(y1 + by) + 1))
    return rows, slice(max(0, int(x0 - by)), max(0, int(x1 + by) + 1))


def _apart(one: Floats, other: Floats) -> Floats:
    """Return how far two pictures are apart, pixel by pixel, in their most different channel."""
    blue, green, red = cv2.split(cv2.absdiff(one, other))
    return cast(Floats, cv2.max(cv2.max(blue, green), red))


def _luma(picture: Floats) -> Floats:
    return cast(Floats, cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def _fine(picture: Floats) -> Floats:
    luma = _luma(picture)
    return cast(Floats, luma - cv2.blur(luma, (7, 7)))


def _outline(picture: Floats, region: Region) -> float:
    """Return how plain the outline of a region is, grey levels: its colours just within beside those just without.

    What stands there differs from its surroundings, what is gone does not; the ground's own grain cancels out.
    """
    shape = region.mask.astype(np.uint8)
    grown, shrunk = ([grow(shape, np.ones((n, n), np.uint8)) for n in (3, 7)] for grow in (cv2.dilate, cv2.erode))
    within, without = shrunk[0] > shrunk[1], grown[1] > grown[0]
    rows, columns = np.indices(shape.shape)
    below, right = rows > region.y + region.height / 2, columns > region.x + region.width / 2
    quarters = [a & b for a in (below, ~below) for b in (right, ~right)]
    pairs = [(picture[within & part], picture[without & part]) for part in quarters]
    steps = [float(np.abs(a.mean(0) - b.mean(0)).max()) for a, b in pairs if len(a) and len(b)]
    return sum(steps) / max(1, len(steps))
