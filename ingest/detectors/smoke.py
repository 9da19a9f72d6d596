"""Smoke in the picture: edges fade, colours grey, the brightness moves slowly, and it stays and grows.

What people and vehicles hide is left out for a while. It finds some and is wrong now and then: a hint for an
operator, who looks.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Self, cast

import cv2
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from ingest.detectors.cooldown import Cooldown, Repeats
from ingest.detectors.elapsed import Elapsed
from ingest.detectors.setting import LASTS, Cooldown_s, LeastBlocks
from ingest.detectors.small import BLOCK_PX, Bools, Floats, Glass, Masks, Region, Small, blocks, regions
from ingest.values import Box, Scene, Seen, Track

LEARN, LEAST_LEARNT, MOST_LEARNT = timedelta(seconds=5), 5, 25  # how long, over how many frames, stillness is learnt
SHORT = timedelta(seconds=0.5)
TEXTURED = 6.0  # mean absolute Laplacian of a block with something to fade
FADED, GREYED = 0.6, 0.75  # of the block's own edges and colours are left, at most
LEAST_CHANGE, MOST_CHANGE = 6.0, 90.0  # grey levels from the still picture
DARKEST, BRIGHTEST = 60.0, 235.0
MOST_JUMP = 14.0  # grey levels between two frames of half a second: what jumps is opaque and moves
LEAST_FADED, LEAST_FADED_SHARE = 4, 0.2  # blocks of a cloud whose edges it fades
HIDDEN_S, MOST_S = 3.0, 6.0
FOLLOWS, FOLLOWS_SMOKE = 0.5, 0.1  # levels a second by which the still picture follows, however far off: a median
LEAST_ALIKE = 0.3  # correlation of the fine structure with that of the still picture: smoke lets it through


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoke:
    """Settings. Told once a cloud of `least_blocks` (8 x 8 px in a picture 320 px wide) has stayed `persist_s`."""

    persist_s: Annotated[float, Meta(gt=0, lt=MOST_S, description=LASTS)] = 2.0
    least_blocks: LeastBlocks = 12
    cooldown_s: Cooldown_s = 300.0

    def __post_init__(self) -> None:
        """Refuse times and sizes that cannot be. ValueError."""
        if not (0 < self.persist_s < MOST_S and self.cooldown_s >= 0 and self.least_blocks >= 1):
            raise ValueError(
                "persist_s must lie between 0 and 6, cooldown_s not be negative, least_blocks be 1 or more"
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What one frame shows: its brightness, and block by block edges, colourfulness, brightness."""

    at: datetime
    picture: Floats
    edges: Floats
    colours: Floats
    luma: Floats

    @classmethod
    def of(cls, small: Small, at: datetime) -> Self:
        """Measure a small picture."""
        luma = cv2.cvtColor(small.image, cv2.COLOR_BGR2GRAY)
        edges = blocks(cv2.convertScaleAbs(cv2.Laplacian(luma, cv2.CV_16S, ksize=3)))
        channels = cv2.split(small.image)
        highest, lowest = cv2.max(cv2.max(*channels[:2]), channels[2]), cv2.min(cv2.min(*channels[:2]), channels[2])
        return cls(at, luma.astype(np.float32), edges, blocks(cv2.subtract(highest, lowest)), blocks(luma))


PARTS: tuple[Callable[[_Look], Floats], ...] = (
    lambda look: look.picture, lambda look: look.edges, lambda look: look.colours, lambda look: look.luma,
)  # fmt: skip


@dataclass(slots=True)
class SmokeRule:
    """The memory of one camera: its still picture, where objects were, and since when each block has smoked."""

    settings: Smoke
    masks: Masks = ()
    _glass: Glass = field(init=False)
    _quiet: Cooldown = field(init=False)
    _repeats: Repeats = field(default_factory=Repeats)
    _clock: Elapsed = field(default_factory=lambda: Elapsed(longest_s=2.0))
    _learning: list[_Look] = field(default_factory=list)
    _still: _Look | None = None
    _short: deque[_Look] = field(default_factory=deque)
    _smoked_s: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _hidden_s: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    _shrink: int = 1
    _at: datetime | None = None

    def __post_init__(self) -> None:
        """Start with nothing learnt."""
        self._glass = Glass(self.masks)
        self._quiet = Cooldown(self.settings.cooldown_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Take note of the objects, and tell of the largest cloud in the picture, unless the rule is quiet."""
        self._hide(scene.tracks)
        if scene.image is None or scene.at == self._at:  # the same picture came before without tracks
            return ()
        self._at = scene.at
        small, new = self._glass.look(scene.image)
        look, passed_s = _Look.of(small, scene.at), self._clock.step(scene.at)
        if new or (self._short and scene.at < self._short[-1].at):
            self._forget(look, small)
        self._remember(look)
        if self._still is None:
            return self._learn(look)
        clouds = self._clouds(look, self._still, passed_s)
        merged = self._quiet.speak(scene.at, self._repeats.count(scene.at)) if clouds else None
        return () if merged is None else (self._tell(clouds[0], small, scene.at, merged),)

    def _forget(self, look: _Look, small: Small) -> None:
        self._still, self._shrink = None, small.shrink
        self._learning.clear()
        self._short.clear()
        self._smoked_s, self._hidden_s = np.zeros_like(look.luma), np.zeros_like(look.luma)

    def _remember(self, look: _Look) -> None:
        self._short.append(look)
        while len(self._short) > 2 and look.at - self._short[0].at > SHORT:
            self._short.popleft()

    def _learn(self, look: _Look) -> tuple[Seen, ...]:
        if not self._learning or look.at - self._learning[-1].at >= LEARN / MOST_LEARNT:
            self._learning.append(look)
        if look.at - self._learning[0].at >= LEARN and len(self._learning) >= LEAST_LEARNT:
            middle = [np.median([part(one) for one in self._learning], axis=0) for part in PARTS]
            self._still = _Look(look.at, *(values.astype(np.float32) for values in middle))
            self._learning.clear()
        return ()

    def _hide(self, tracks: tuple[Track, ...]) -> None:
        for track in tracks if self._hidden_s.size else ():
            x0, y0, x1, y1 = self._cells(track.box)
            self._hidden_s[y0:y1, x0:x1] = HIDDEN_S

    def _cells(self, box: Box) -> tuple[int, int, int, int]:
        by = BLOCK_PX * self._shrink
        x0, y0, x1, y1 = (int(value // by) for value in box)
        return max(0, x0 - 1), max(0, y0 - 1), max(0, x1 + 2), max(0, y1 + 2)

    def _clouds(self, look: _Look, still: _Look, passed_s: float) -> list[Region]:
        self._hidden_s = np.maximum(self._hidden_s - passed_s, 0)
        textured = still.edges > TEXTURED
        smoking = _smoking(look, still, textured) & (_jump(self._short) < MOST_JUMP) & (self._hidden_s <= 0)
        self._smoked_s += np.where(smoking, passed_s, -0.7 * passed_s).astype(np.float32)
        np.clip(self._smoked_s, 0, np.where(self._hidden_s > 0, 0.5, MOST_S), out=self._smoked_s)
        self._renew(look, still, smoking, passed_s)
        found = regions(self._smoked_s > self.settings.persist_s, self.settings.least_blocks)
        faded = textured & smoking
        return [cloud for cloud in found if _rises(cloud, faded) and _alike(look, still, cloud.mask & faded)]

    def _renew(self, look: _Look, still: _Look, smoking: Bools, passed_s: float) -> None:
        slow = smoking | (self._smoked_s > 0.3)
        most = passed_s * np.where(slow, FOLLOWS_SMOKE, FOLLOWS).astype(np.float32)
        for part in PARTS[1:]:
            kept = part(still)
            kept += np.clip(part(look) - kept, -most, most)
        height, width = still.picture.shape
        fine = cv2.resize(most, (width, height), interpolation=cv2.INTER_NEAREST)
        still.picture[:] += np.clip(look.picture - still.picture, -fine, fine)

    def _tell(self, cloud: Region, small: Small, at: datetime, merged: int) -> Seen:
        box = cloud.box(small)
        certainty = min(0.6, 0.3 + 0.005 * cloud.cells)  # a hint: never more certain than a person would be
        details = {"blocks": cloud.cells, "merged": merged}
        foot = ((box[0] + box[2]) / 2, box[3])
        return Seen(kind="smoke", at=at, certainty=certainty, box=box, foot=foot, details=details)


def _smoking(look: _Look, still: _Look, textured: Bools) -> Bools:
    """Say which blocks look as if there were smoke before them: faded where there was an edge, else grey and even."""
    brighter = look.luma - still.luma
    change = np.abs(brighter - np.median(brighter))  # a cloud over the sun changes all of it
    light = (look.luma > DARKEST) & (look.luma < BRIGHTEST) & (change < MOST_CHANGE)
    grey = look.colours < np.minimum(GREYED * still.colours + 3, 40)
    faded = textured & (look.edges < FADED * still.edges) & (change > LEAST_CHANGE)
    even = ~textured & (look.edges < 8) & (change > 10)
    found: Bools = light & grey & (faded | even)
    return found


def _jump(looks: deque[_Look]) -> NDArray[np.float32]:
    luma = np.stack([look.luma for look in looks])
    if len(luma) < 2:
        return np.zeros_like(luma[0])
    most: NDArray[np.float32] = np.abs(np.diff(luma, axis=0)).max(0)
    return most


def _rises(cloud: Region, faded: Bools) -> bool:
    """Say whether a cloud is no flat streak, and fades enough edges: bare ground that lightens may be the sun."""
    edges = int((faded & cloud.mask).sum())
    return cloud.height >= 0.5 * cloud.width and edges >= max(LEAST_FADED, LEAST_FADED_SHARE * cloud.cells)


def _alike(look: _Look, still: _Look, where: Bools) -> bool:
    """Say whether what is hidden still shows through there; behind someone who left or came it does not."""
    height, width = look.picture.shape
    pixels = cv2.resize(where.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    now, before = (fine[pixels] - fine[pixels].mean() for fine in (_fine(look.picture), _fine(still.picture)))
    both = float(np.sqrt((now @ now) * (before @ before)))
    return float(now @ before) > LEAST_ALIKE * both


def _fine(picture: Floats) -> Floats:
    return cast(Floats, picture - cv2.blur(picture, (9, 9)))
