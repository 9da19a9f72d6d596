"""What is kept of a camera's view over a restart, between the rule that looks and whoever writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import cv2
import numpy as np

from ingest.detectors.shift import Sight, sight_of
from ingest.detectors.small import Small
from layers.cameras.views import KeptView

SAME_LIGHT = timedelta(hours=1)  # of the day: what looks alike then, may look like another view at night
OLDEST = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Book:
    """The view of one preset: `before` as it was kept, `now` as it is to be kept; without a `stream` none is."""

    stream: str | None = None
    before: KeptView | None = None
    now: KeptView | None = None

    def keep(self, sight: Sight, offset: tuple[float, float], at: datetime) -> None:
        """Let a view be kept, and how far it lies from the one that the camera is held to."""
        if self.stream is not None:
            png = cv2.imencode(".png", sight.luma)[1].tobytes()
            self.now = KeptView(at=at, stream=self.stream, png=png, dx=offset[0], dy=offset[1])


@dataclass(slots=True)
class Views:
    """The books of one camera, by preset. A camera that turns is held to its presets alone."""

    stream: str
    turns: bool = False
    before: Mapping[str, KeptView] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)

    def of(self, preset: str | None) -> Book:
        """Return the book of a preset; none: of the camera itself."""
        if preset is None and self.turns:
            return Book()
        token = preset or ""
        known = self.before.get(token)
        before = known if known is not None and known.stream == self.stream else None
        return self.books.setdefault(token, Book(stream=self.stream, before=before))

    def taken(self) -> dict[str, KeptView]:
        """Return the views to keep since this was last asked."""
        found = {token: book.now for token, book in self.books.items()}
        for book in self.books.values():
            book.now = None
        return {token: view for token, view in found.items() if view is not None}


def recalled(kept: KeptView, small: Small) -> Sight | None:
    """Return a kept view as it looks through the glass of now; None where its picture has another size or no edges."""
    luma = cv2.imdecode(np.frombuffer(kept.png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if luma is None or luma.shape != small.image.shape[:2]:
        return None
    sight = sight_of(np.asarray(luma, np.uint8), small.open)
    return sight if sight.textured else None


def same_light(kept_at: datetime, at: datetime) -> bool:
    """Say whether a picture was taken about this hour of the day, when the light was the same."""
    apart = (at - kept_at) % DAY
    return min(apart, DAY - apart) <= SAME_LIGHT
