"""Pictures that the scales of int8 are read off: frames of real clips, each also darker, harsher and from nearer.

A scale spans what was seen and nothing beyond: read off one clip as it is, a detector that is sure of the people there
finds next to nobody in another street.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import numpy as np

from ingest.models.tfjs import ModelError
from ingest.picture import Pixels
from ingest.sources.decoded import Decoded
from ingest.values import Image, Picture

CALIBRATED_ON = {"vtest.avi": 33, "bikes.mp4": 20}  # of a clip every so many frames
_FIRST = 5


def pictures(clips: Path) -> Iterator[Picture]:
    """Yield five pictures of each chosen frame; ModelError for a clip that cannot be read."""
    for name, each in CALIBRATED_ON.items():
        for image in _frames(clips / name, each):
            dark, harsh = _lit(image, contrast=0.5, brighter=-60), _lit(image, contrast=1.6, brighter=30)
            far, near = _part(image, 0.7, down=0.2, right=0.8), _part(harsh, 0.35, down=0.7, right=0.3)
            yield from map(Pixels, (image, dark, harsh, far, near))


def _frames(clip: Path, each: int) -> list[Image]:
    try:
        with av.open(str(clip)) as opened:
            return [Decoded(frame).image() for frame in islice(opened.decode(video=0), _FIRST, None, each)]
    except av.error.FFmpegError:
        raise ModelError(f"The clip {clip.name} that the detector is calibrated on cannot be read.") from None


def _lit(image: Image, *, contrast: float, brighter: float) -> Image:
    lit: Image = np.clip((image.astype(np.float32) - 128) * contrast + 128 + brighter, 0, 255).astype(np.uint8)
    return lit


def _part(image: Image, share: float, *, down: float, right: float) -> Image:
    height, width = image.shape[:2]
    top, left = int(height * (1 - share) * down), int(width * (1 - share) * right)
    return np.ascontiguousarray(image[top : top + int(height * share), left : left + int(width * share)])
