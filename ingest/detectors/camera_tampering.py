"""Camera tampering: the picture went dark or bright, was covered, lost its focus, or stands still though it comes.

What a lens shows is known by its edges. Tampering takes most of them away within a minute or so and holds; dusk and
dawn are slow and are followed, headlights pass. How it looks afterwards tells how it was done.
"""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

import cv2
import numpy as np
from msgspec import Meta

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.elapsed import Elapsed
from ingest.detectors.looking import Looking
from ingest.detectors.setting import LONGEST_S, Cooldown_s, Every_s, Hold_s
from ingest.detectors.small import Bools, Floats, Masks, Small, blocks, grey
from ingest.values import Image, Scene, Seen

How = Literal["dark", "bright", "covered", "defocused", "frozen"]
ALL: tuple[How, ...] = ("dark", "bright", "covered", "defocused", "frozen")
ONVIF: dict[How, str] = {
    "dark": "tns1:VideoSource/ImageTooDark/AnalyticsService",
    "bright": "tns1:VideoSource/ImageTooBright/AnalyticsService",
    "covered": "tns1:VideoSource/GlobalSceneChange/AnalyticsService",
    "defocused": "tns1:VideoSource/ImageTooBlurry/AnalyticsService",
    "frozen": "tns1:VideoSource/SignalLoss",
}
TEXTURED = 10.0  # mean gradient of a block that has edges to lose
LEAST_TEXTURED = 0.04  # of all blocks: a picture with fewer is one of night or fog, and tells nothing
LOST = 0.35  # of its edges are left, at most, in a block that lost them
MOST_LOST = 0.6  # of the textured blocks
DARK, BRIGHT = 28.0, 225.0  # grey levels on average
ALIKE = 0.6  # correlation with the picture before, both coarse: out of focus it is still the same picture
FOLLOW_S = 90.0  # how slowly light changes, to be followed; what takes less is told
FORGET = timedelta(seconds=300)  # after a gap this long the picture is learnt anew
ACCEPT = timedelta(seconds=900)  # a picture that stays so long, though told, is the new one


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraTampering:
    """Settings. `hold_s` is how long it must last, `frozen_s` how long the picture must be the same to the last bit."""

    ways: Annotated[tuple[How, ...], Meta(min_length=1, description="What is told of.")] = ALL
    hold_s: Hold_s = 10.0
    frozen_s: Annotated[
        float, Meta(gt=0, le=LONGEST_S, description="Seconds of a picture that is the same to the last bit.")
    ] = 60.0
    every_s: Every_s = 1.0
    cooldown_s: Cooldown_s = 60.0

    def __post_init__(self) -> None:
        """Refuse times that cannot be. ValueError."""
        if not (min(self.hold_s, self.frozen_s, self.every_s) > 0 and self.cooldown_s >= 0):
            raise ValueError("hold_s, frozen_s and every_s must be positive, cooldown_s not negative")


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """What the lens shows, block by block: edges and brightness."""

    edges: Floats
    luma: Floats

    @classmethod
    def of(cls, small: Small) -> Self:
        """Measure a small picture."""
        even = cv2.blur(grey(small.image), (3, 3))
        across, down = (cv2.Sobel(even, cv2.CV_32F, *order, ksize=3) for order in ((1, 0), (0, 1)))
        return cls(blocks(cv2.magnitude(across, down).astype(np.float32)), blocks(even.astype(np.uint8)))


@dataclass(slots=True)
class CameraTamperingRule:
    """The memory of one camera: how it looks when nobody tampers with it, and since when it does not."""

    settings: CameraTampering
    masks: Masks = ()
    _looking: Looking = field(init=False)
    _clock: Elapsed = field(default_factory=lambda: Elapsed(longest_s=FORGET.total_seconds()))
    _usual: _View | None = None
    _suspect: "_Suspicion | None" = None
    _still: "_Still" = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing known."""
        self._looking = Looking(self.masks, self.settings.every_s, self.settings.cooldown_s)
        self._still = _Still(timedelta(seconds=self.settings.frozen_s), self._looking.quiet)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Look once every `every_s` and return at most one event: what has been done to the camera."""
        looked = self._looking.look(scene)
        if looked is None or scene.image is None:
            return ()
        small, new = looked
        blind = self._how(_View.of(small), small, scene.at, new)
        frozen = self._still.frozen(scene.image, scene.at)
        due = [one for one in (frozen, blind) if one is not None and one.how in self.settings.ways]
        if not due:
            return ()
        details, count = {"how": due[0].how, "onvif": ONVIF[due[0].how]}, sum(not one.counted for one in due)
        return self._looking.tell("camera_tampering", small, scene.at, details, count=count)

    def elsewhere(self) -> None:
        """Learn the picture anew: the camera was turned, and that is known."""
        self._usual = self._suspect = None

    def _how(self, view: _View, small: Small, at: datetime, new: bool) -> "_Due | None":
        """Say how the lens was blinded, once; None while it was not or that is known already."""
        passed_s = self._clock.step(at)
        if self._usual is None or new or passed_s >= FORGET.total_seconds():
            self._usual, self._suspect = view, None
            return None
        if not blinded(self._usual, view, small.open_blocks):
            self._follow(self._usual, view, passed_s)
            self._suspect = None
            return None
        self._suspect = self._suspect or _Suspicion(at)
        return self._judge(self._suspect, self._usual, view, at)

    def _judge(self, suspect: "_Suspicion", usual: _View, view: _View, at: datetime) -> "_Due | None":
        if at - suspect.since >= ACCEPT or at < suspect.since:
            self._usual, self._suspect = view, None
            return None
        lasted_s = (at - suspect.since).total_seconds()
        if lasted_s < self.settings.hold_s or self._looking.quiet.heard(suspect.due_at, at):
            return None
        counted, suspect.due_at = suspect.due_at is not None, at
        how = way(usual, view)
        return None if how is None else _Due(how, counted)

    def _follow(self, usual: _View, view: _View, passed_s: float) -> None:
        share = 1 - np.exp(-passed_s / FOLLOW_S)
        for kept, now in ((usual.edges, view.edges), (usual.luma, view.luma)):
            kept += share * (now - kept)


@dataclass(frozen=True, slots=True)
class _Due:
    """What is to be told, and whether it was counted already while the rule was quiet."""

    how: How
    counted: bool


@dataclass(slots=True)
class _Suspicion:
    """Since when the lens has been blind, and when that was last due to be told."""

    since: datetime
    due_at: datetime | None = None


@dataclass(slots=True)
class _Still:
    """Tells when pictures come that are the same to the last bit for longer than any sensor's noise allows."""

    limit: timedelta
    quiet: Cooldown
    _print: int | None = None
    _since: datetime | None = None
    _due_at: datetime | None = None

    def frozen(self, image: Image, at: datetime) -> _Due | None:
        """Take the next picture; say, once, that it has stood still too long."""
        seen = zlib.crc32(image[::8, ::8].tobytes())
        if seen != self._print or self._since is None or at < self._since:
            self._print, self._since, self._due_at = seen, at, None
            return None
        if at - self._since < self.limit or self.quiet.heard(self._due_at, at):
            return None
        counted, self._due_at = self._due_at is not None, at
        return _Due("frozen", counted)


def blinded(usual: _View, view: _View, where: Bools) -> bool:
    """Say whether most blocks that had edges have lost them."""
    textured = (usual.edges > TEXTURED) & where
    if textured.sum() < LEAST_TEXTURED * max(1, where.sum()):
        return False
    return float((view.edges[textured] < LOST * usual.edges[textured]).mean()) > MOST_LOST


def way(usual: _View, view: _View) -> How | None:
    """Say how a lens was blinded, by what the blind picture looks like; None for a dark picture that grew darker."""
    mean = float(view.luma.mean())
    if mean < DARK:
        return "dark" if float(usual.luma.mean()) >= DARK else None
    if mean > BRIGHT:
        return "bright"
    coarse = [cv2.blur(luma, (5, 5)).ravel() for luma in (usual.luma, view.luma)]
    spread = min(float(values.std()) for values in coarse)
    alike = float(np.corrcoef(coarse)[0, 1]) if spread > 1e-3 else 0.0
    return "defocused" if alike > ALIKE else "covered"
