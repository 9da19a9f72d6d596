"""Planned scenes: people and a van cut out of a clip move over its empty background."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.measuring.clip import Clip, Shot
from ingest.measuring.plan import SIZE_PX, Actor, Plot
from ingest.values import Box, Image

CLIP = "vtest.avi"
PEOPLE = ((210, (650, 294, 702, 413)), (450, (484, 183, 516, 258)), (510, (258, 184, 290, 259)))  # frame, box px
VAN = (651, 44, 726, 99)  # parked all through the clip
EDGE_PX = 6  # around a box, so that nothing of who stands in it is cut off
CHANGED = 28  # grey levels by which a person differs from the empty background


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A cut-out: its pixels and how much of each is its own, from 0 to 1."""

    image: Image
    alpha: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The empty background, and the cut-outs by the label that the model has for them."""

    empty: Image
    sprites: dict[str, tuple[Sprite, ...]]


def drawn(plot: Plot, fetched: Path, *, on: str, key: str) -> Clip:
    """Make a clip of pictures of a plan; each actor is the same cut-out all through, lying where its box is flat."""

    def shots() -> Iterator[Shot]:
        stage = stage_of(fetched / CLIP)
        for number in range(round(plot.seconds * plot.fps) + 1):
            at_s = number / plot.fps
            yield Shot(at_s=at_s, image=_picture(stage, plot.actors, at_s))

    return Clip(on=on, key=key, shots=shots, truths=plot.truths, size_px=SIZE_PX, place=plot.place)


@cache
def stage_of(path: Path) -> Stage:
    """Read a clip once: its median picture is what stands there when nobody does."""
    wanted = {number for number, _ in PEOPLE} | set(range(0, 795, 16))
    with av.open(str(path)) as clip:
        frames = {n: _pixels(frame) for n, frame in enumerate(clip.decode(video=0)) if n in wanted}
    empty = np.median(np.stack([frames[n] for n in range(0, 795, 16)]), axis=0).astype(np.uint8)
    people = tuple(_person(frames[number], empty, box) for number, box in PEOPLE)
    return Stage(empty, {"person": people, "car": (_van(empty),)})


def _pixels(frame: av.VideoFrame) -> Image:
    return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _person(frame: Image, empty: Image, box: tuple[int, int, int, int]) -> Sprite:
    x0, y0, x1, y1 = box[0] - EDGE_PX, box[1] - EDGE_PX, box[2] + EDGE_PX, box[3] + EDGE_PX
    image, behind = frame[y0:y1, x0:x1], empty[y0:y1, x0:x1]
    changed = (cv2.absdiff(image, behind).max(axis=2) > CHANGED).astype(np.uint8)
    whole = cv2.morphologyEx(changed, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return _trimmed(image, whole)


def _van(empty: Image) -> Sprite:
    x0, y0, x1, y1 = VAN
    image = empty[y0 - 8 : y1 + 8, x0 - 10 : x1 + 4].copy()
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(image, mask, (10, 8, x1 - x0, y1 - y0), *models, 5, cv2.GC_INIT_WITH_RECT)
    return _trimmed(image, ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8))


def _trimmed(image: Image, mask: NDArray[np.uint8]) -> Sprite:
    """Return a cut-out of the largest piece of a mask, no larger than that."""
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(mask)
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    x, y, w, h = (int(v) for v in stats[largest][:4])
    alpha = cv2.blur((pieces == largest).astype(np.float32), (3, 3))
    return Sprite(image[y : y + h, x : x + w].copy(), alpha[y : y + h, x : x + w].copy())


def _picture(stage: Stage, actors: tuple[Actor, ...], at_s: float) -> Image:
    picture = stage.empty.copy()
    here = [(box, actor, number) for number, actor in enumerate(actors) if (box := actor.box(at_s))]
    for box, actor, number in sorted(here, key=lambda one: one[0][3]):  # who stands nearer hides who stands behind
        sprites = stage.sprites[actor.label]
        _paste(picture, _fitted(sprites[number % len(sprites)], box), box)
    return picture


def _fitted(sprite: Sprite, box: Box) -> Sprite:
    """Return a cut-out of a box's size; what is upright lies down where its box is flat."""
    width, height = (max(2, round(v)) for v in (box[2] - box[0], box[3] - box[1]))
    image, alpha = sprite.image, sprite.alpha
    if height < width and alpha.shape[0] > alpha.shape[1]:
        image, alpha = np.rot90(image).copy(), np.rot90(alpha).copy()
    size = width, height
    return Sprite(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.resize(alpha, size))


def _paste(picture: Image, sprite: Sprite, box: Box) -> None:
    """Lay a cut-out over the picture, as much of it as lies within."""
    x, y = round(box[0]), round(box[1])
    height, width = sprite.alpha.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(picture.shape[1], x + width), min(picture.shape[0], y + height)
    if right <= left or bottom <= top:
        return
    part = np.s_[top - y : bottom - y, left - x : right - x]
    share = sprite.alpha[part][..., None]
    under = picture[top:bottom, left:right]
    picture[top:bottom, left:right] = (share * sprite.image[part] + (1 - share) * under).astype(np.uint8)
