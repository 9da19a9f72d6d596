"""What a function is measured on: footage or a rendered scene, and what truly happens in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.plates.hotlist import NOTHING_WANTED, Hotlist
from ingest.sources.decoded import Decoded
from ingest.sources.opening import opened, video_stream
from ingest.values import Detection, Image, Placed, Point


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shot:
    """One moment of a clip, seconds from its beginning: its picture, or the objects that a plan puts there.

    Where there are no `detections` but a picture, the model is asked for them.
    """

    at_s: float
    image: Image | None = None
    detections: tuple[Detection, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Something that is to be told: from its first moment to the last at which telling of it is still right."""

    since_s: float
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """Shots in their order, as often as asked for, and what truly happens in them.

    `on` is what the card says that it was measured on. Clips of one `on` are added up. `key` names the picture alone,
    so that the model looks at it once for all functions.
    """

    on: str
    key: str
    shots: Callable[[], Iterator[Shot]]
    truths: tuple[Truth, ...] = ()
    size_px: tuple[int, int] | None = None
    place: Callable[[Point], Placed] | None = None  # where a pixel lies; None: this camera knows no place
    hotlist: Hotlist = NOTHING_WANTED


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A clip, and the settings that a function has while it watches it."""

    clip: Clip
    settings: dict[str, Any] = field(default_factory=dict)


def footage(
    path: Path, *, on: str, fps: float = 5.0, truths: tuple[Truth, ...] = (), size_px: tuple[int, int] | None = None
) -> Clip:
    """Make a clip of a file, looked at `fps` times a second as a camera is; without truths every event is false.

    `size_px`: width and height, as the row of a camera that was set up tells them.
    """
    return Clip(on=on, key=path.name, shots=lambda: _decoded(path, fps), truths=truths, size_px=size_px)


def _decoded(path: Path, fps: float) -> Iterator[Shot]:
    due_s = 0.0
    with opened(str(path), protocols="file", timeout_s=10.0) as container:
        for frame in container.decode(video_stream(container)):
            at_s = float(frame.time or 0.0)
            if at_s >= due_s - 1e-6:
                due_s += 1 / fps
                yield Shot(at_s=at_s, image=Decoded(frame).image())
