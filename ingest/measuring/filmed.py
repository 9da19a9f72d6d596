"""Footage into which something is drawn: looped for as long as it takes, looked at as often as a camera is."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from ingest.measuring.clip import Clip, Shot, Truth
from ingest.sources.decoded import Decoded
from ingest.sources.opening import opened, video_stream
from ingest.values import Detection, Image

Draw = Callable[[Image, float], Image]  # a picture and the clip's second -> the picture with something in it
Found = Callable[[float], tuple[Detection, ...]]


def since(begins_s: float, draw: Draw) -> Draw:
    """Return what draws from a moment on, and counts its seconds from there."""
    return lambda image, at_s: draw(image, at_s - begins_s) if at_s >= begins_s else image


def drawn(
    path: Path,
    draw: Draw,
    *,
    on: str,
    key: str,
    seconds: float,
    fps: float = 5.0,
    since_s: float = 0.0,
    truths: tuple[Truth, ...] = (),
) -> Clip:
    """Make a clip of footage from `since_s` on, over and over, with something drawn into each of its pictures."""

    def shots() -> Iterator[Shot]:
        for at_s, image in _looped(path, fps, seconds, since_s):
            yield Shot(at_s=at_s, image=draw(image, at_s))

    return Clip(on=on, key=f"{path.name} {key}", shots=shots, truths=truths)


def _looped(path: Path, fps: float, seconds: float, since_s: float) -> Iterator[tuple[float, Image]]:
    """Yield the picture that stands at each moment; footage of fewer frames a second shows one several times."""
    number, began_s = 0, 0.0
    while number / fps < seconds:
        with opened(str(path), protocols="file", timeout_s=10.0) as container:
            end_s = since_s
            for frame in container.decode(video_stream(container)):
                shown_s = float(frame.time or 0.0)
                image = None
                while number / fps < seconds and number / fps - began_s + since_s <= shown_s:
                    image = Decoded(frame).image() if image is None else image
                    yield number / fps, image
                    number += 1
                end_s = shown_s
        began_s, since_s = began_s + end_s - since_s + 1 / fps, 0.0


def staged(
    path: Path, draw: Draw, found: Found, *, on: str, key: str, seconds: float, truths: tuple[Truth, ...]
) -> Clip:
    """Make a clip of a scene of footage when nobody is there, with actors whom the model is said to find."""

    def shots() -> Iterator[Shot]:
        stages = noisy(path)
        for number in range(round(seconds * 5.0)):
            image = draw(stages[number % len(stages)], number / 5)
            yield Shot(at_s=number / 5, image=image, detections=found(number / 5))

    return Clip(on=on, key=f"{path.name} {key}", shots=shots, truths=truths)


@cache
def noisy(path: Path) -> list[Image]:
    """Return the emptied scene of footage as a sensor sees it at four moments."""
    stage = emptied(path)
    noise = (np.random.default_rng(number).normal(0, 2, stage.shape) for number in range(4))
    return [np.clip(stage + one, 0, 255).astype(np.uint8) for one in noise]


@cache
def emptied(path: Path, looks: int = 40) -> Image:
    """Return what footage shows when nobody is there: the middle of pictures from all of it."""
    with opened(str(path), protocols="file", timeout_s=10.0) as container:
        stream = video_stream(container)
        every = max(1, (stream.frames or looks) // looks)
        kept = [Decoded(frame).image() for number, frame in enumerate(container.decode(stream)) if number % every == 0]
    return np.asarray(np.median(np.stack(kept), axis=0), np.uint8)
