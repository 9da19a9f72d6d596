"""Planned scenes: objects that move as a plan says, seen as imperfectly as a model sees, so that the truth is known."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.measuring.clip import Clip, Shot, Truth
from ingest.values import Box, Detection, Placed, Point

FPS = 5.0  # what a camera is analysed at unless its row says otherwise
SIZE_PX = (768, 576)
TREMBLE_PX, MISSED = 1.5, 0.05  # one sigma of each side of a box; share of moments in which an object is overlooked


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where an object stands at a moment: seconds, foot and size in pixels."""

    at_s: float
    foot: Point
    size: tuple[float, float] = (24.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One object and its poses in order of time; between them it moves evenly, before and after it is not there."""

    poses: tuple[Pose, ...]
    label: str = "person"

    def box(self, at_s: float) -> Box | None:
        """Return its true box at a moment; None while it is not there."""
        if not self.poses[0].at_s <= at_s <= self.poses[-1].at_s:
            return None
        nxt = min(bisect_right([pose.at_s for pose in self.poses], at_s), len(self.poses) - 1)
        before, after = self.poses[nxt - 1], self.poses[nxt]
        share = (at_s - before.at_s) / (after.at_s - before.at_s) if after.at_s > before.at_s else 1.0
        x, y, width, height = (
            a + min(share, 1.0) * (b - a)
            for a, b in zip((*before.foot, *before.size), (*after.foot, *after.size), strict=True)
        )
        return x - width / 2, y - height, x + width / 2, y


def goes(*feet: Point, since_s: float = 0.0, speed: float = 40.0, size: tuple[float, float] = (24.0, 60.0)) -> Actor:
    """Return one who goes from foot to foot at `speed` px/s."""
    poses, at_s = [Pose(at_s=since_s, foot=feet[0], size=size)], since_s
    for before, after in pairwise(feet):
        at_s += float(np.hypot(after[0] - before[0], after[1] - before[1])) / speed
        poses.append(Pose(at_s=at_s, foot=after, size=size))
    return Actor(poses=tuple(poses))


def stays(foot: Point, *, since_s: float, until_s: float, size: tuple[float, float] = (24.0, 60.0)) -> Actor:
    """Return one who stands in one place for a time."""
    return Actor(poses=(Pose(at_s=since_s, foot=foot, size=size), Pose(at_s=until_s, foot=foot, size=size)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plot:
    """A plan: who is there, how long it is watched, and what is to be told of it; `place` where pixels lie."""

    actors: tuple[Actor, ...]
    seconds: float
    truths: tuple[Truth, ...] = ()
    place: Callable[[Point], Placed] | None = None
    fps: float = FPS


def planned(plot: Plot, *, on: str, seed: int, missed: float = MISSED) -> Clip:
    """Make a clip of a plan: no pictures, the boxes of its actors as a model of middling quality would find them."""

    def shots() -> Iterator[Shot]:
        chance = np.random.default_rng(seed)
        for number in range(round(plot.seconds * plot.fps) + 1):
            at_s = number / plot.fps
            boxes = [(actor.label, actor.box(at_s)) for actor in plot.actors]
            seen = [_seen(label, box, chance) for label, box in boxes if box and chance.random() >= missed]
            yield Shot(at_s=at_s, detections=tuple(seen))

    return Clip(on=on, key=f"{on} {seed}", shots=shots, truths=plot.truths, size_px=SIZE_PX, place=plot.place)


def _seen(label: str, box: Box, chance: np.random.Generator) -> Detection:
    x0, y0, x1, y1 = (float(v) for v in np.array(box) + chance.normal(0, TREMBLE_PX, 4))
    return Detection(label=label, score=float(chance.uniform(0.45, 0.95)), box=(x0, y0, x1, y1))
