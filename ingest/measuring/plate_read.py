"""Reading plates: drawn vehicles that pass, with plates of several widths, under a hotlist of what they truly carry;
and under one of every other plate, where whatever is told was misread.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.measuring.clip import Case, Clip, Shot, Truth
from ingest.measuring.drawn_plates import some_plate, vehicle
from ingest.values import Detection
from layers.hotlist.schema import Wanted

FRAMES, FPS = 8, 5.0  # of each vehicle: it is in sight for a second and a half
VEHICLES = 20  # of each width
EVERY_S = 6.0  # the next vehicle comes when the one before has gone
# The plate's width in px before it is turned; how much it is turned, moved and blurred, from 0 to 1.
SEEN = ((160, 0.3), (160, 1.0), (110, 0.5), (110, 1.0), (80, 0.6), (60, 0.3))
LONG_AGO, LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lists:
    """A hotlist of these plates, or of all others."""

    plates: frozenset[str]
    others: bool = False

    def wanted(self, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
        """Return an entry for a plate that is on it."""
        if (plate in self.plates) == self.others:
            return ()
        entry = Wanted(
            id=1,
            plate=plate,
            kind="other",
            legal_basis="-",
            owner="-",
            area_id=1,
            begins_at=LONG_AGO,
            ends_at=LATE,
        )
        return (entry,)


def cases(fetched: Path) -> Sequence[Case]:
    """Return vehicles of each width and hardness, under both lists."""
    clips = [_passing(width_px, hard, others=others) for width_px, hard in SEEN for others in (False, True)]
    return [Case(clip=clip, settings={"cooldown_s": 0}) for clip in clips]


def _passing(width_px: int, hard: float, *, others: bool) -> Clip:
    rng = random.Random(f"{width_px} {hard}")
    plates = [some_plate(rng) for _ in range(VEHICLES)]
    truths = tuple(Truth(since_s=n * EVERY_S, until_s=(n + 1) * EVERY_S) for n in range(VEHICLES))
    return Clip(
        on=f"drawn plates {width_px} px wide, hard {hard}" + (", every other plate wanted" if others else ""),
        key=f"plates {width_px} {hard}",
        shots=lambda: _shots(plates, width_px, hard),
        truths=() if others else truths,
        hotlist=Lists(frozenset(plates), others=others),
    )


def _shots(plates: Sequence[str], width_px: int, hard: float) -> Iterator[Shot]:
    for n, plate in enumerate(plates):
        rng = random.Random(n)
        for frame in range(FRAMES):
            image = vehicle(plate, width_px, rng, level=hard)
            height, width = image.shape[:2]
            around = np.pad(image, ((20, 20), (20 + 2 * frame, 60 - 2 * frame), (0, 0)), constant_values=90)
            box = (20.0 + 2 * frame, 20.0, 20.0 + 2 * frame + width, 20.0 + height)
            seen = Detection(label="car", score=0.9, box=box)
            yield Shot(at_s=n * EVERY_S + frame / FPS, image=around, detections=(seen,))
        yield from (Shot(at_s=n * EVERY_S + s, detections=()) for s in (2.0, 3.0, 4.0))
