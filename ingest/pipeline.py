"""The way of one frame through one camera's steps: look, gate, detect, track, tell, place, draft.

The pipeline is a list. A step takes a moment and returns it richer, or None where nothing more is to be done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import cv2

from ingest import flying
from ingest.detectors.detector import Function, ObjectDetector
from ingest.gate import MotionGate
from ingest.plates.veiling import veiled
from ingest.tracking import Tracker
from ingest.values import Box, Detection, EventDraft, Frame, Image, Placed, Point, Scene, Seen, Track
from layers.hotlist.schema import HIT

WIDEST_PX, JPEG_QUALITY = 1280, 80
HOLD = timedelta(seconds=3)  # how long a camera stays awake after the last motion


class Moment(NamedTuple):
    """One frame and all that has been made of it so far: a tuple, whose copies cost half of a dataclass's."""

    frame: Frame
    awake: bool = True  # something moves, or is awaited: objects are looked for
    motion: tuple[Box, ...] = ()
    detections: tuple[Detection, ...] = ()
    tracks: tuple[Track, ...] = ()
    seen: tuple[Seen, ...] = ()
    placed: tuple[Placed, ...] = ()
    drafts: tuple[EventDraft, ...] = ()


Step = Callable[[Moment], Moment | None]


def run(steps: Sequence[Step], frame: Frame) -> Moment | None:
    """Lead a frame through the steps; None where one of them let it go."""
    moment: Moment | None = Moment(frame=frame)
    for step in steps:
        if moment is None:
            return None
        moment = step(moment)
    return moment


def fit(width_px: int, height_px: int) -> Step:
    """Bring frames to the size that the camera's rules and control points are drawn in, where they come otherwise."""

    def step(moment: Moment) -> Moment:
        sized = moment.frame.picture.sized(width_px, height_px)
        if sized is moment.frame.picture:
            return moment
        return moment._replace(frame=replace(moment.frame, picture=sized))

    return step


def look(functions: Sequence[Function]) -> Step:
    """Ask the rules that look at the picture, of every frame that comes."""

    def step(moment: Moment) -> Moment:
        if not functions:  # and nobody needs the image of an idle camera
            return moment
        scene = Scene(at=moment.frame.at, image=moment.frame.image)
        return moment._replace(seen=_asked(functions, scene))

    return step


@dataclass(slots=True)
class Gate:
    """Let a frame through while something moves and for a moment after; tell the source when that changes.

    What the picture itself has told goes on, though asleep: nobody looks for objects in it. `pinned` never sleeps,
    and nobody does while something is `awaited`: who lies still, stands or waits moves no pixel.
    """

    gate: MotionGate
    wake: Callable[[bool], None] = lambda _: None
    pinned: bool = False
    awaited: Callable[[], bool] = lambda: False
    _moved_at: datetime | None = None
    _awake: bool = False

    def __call__(self, moment: Moment) -> Moment | None:
        """Find the moving regions; None while nothing has moved for a while and nothing is told."""
        motion, at = self.gate.regions(moment.frame.picture), moment.frame.at
        self._moved_at = at if motion else self._moved_at
        awake = self.pinned or self.awaited() or (self._moved_at is not None and at - self._moved_at <= HOLD)
        if awake != self._awake:
            self._awake = awake
            self.wake(awake)
        return moment._replace(awake=awake, motion=motion) if awake or moment.seen else None


def awake(step: Step) -> Step:
    """Take a step only while the moment is awake; one that is not goes on as it is."""
    return lambda moment: step(moment) if moment.awake else moment


def detect(detector: ObjectDetector) -> Step:
    """Find the objects."""
    return awake(lambda moment: moment._replace(detections=detector.detect(moment.frame.picture)))


def track(tracker: Tracker) -> Step:
    """Follow them."""
    return awake(lambda moment: moment._replace(tracks=tracker.update(moment.detections, moment.frame.at)))


def tell(functions: Sequence[Function], *, with_image: bool = False) -> Step:
    """Ask the rules that look at tracks; let the moment go where none of all has anything to tell."""

    def ask(moment: Moment) -> Moment:
        frame = moment.frame
        image = frame.image if with_image else None
        scene = Scene(at=frame.at, tracks=moment.tracks, motion=moment.motion, image=image)
        return moment._replace(seen=(*moment.seen, *_asked(functions, scene)))

    def step(moment: Moment) -> Moment | None:
        told = ask(moment) if moment.awake else moment
        return told if told.seen else None

    return step


def _asked(functions: Sequence[Function], scene: Scene) -> tuple[Seen, ...]:
    return tuple(one for function in functions for one in function.update(scene))


def place(where: Callable[[Point], Placed], camera: Placed | None = None) -> Step:
    """Find where each stands on the ground; what concerns the camera itself stands where that hangs."""

    def step(moment: Moment) -> Moment:
        at = flying.placing(moment.frame, where) if moment.seen else where
        placed = (camera if seen.itself and camera else at(seen.foot) for seen in moment.seen)
        return moment._replace(placed=tuple(placed))

    return step


Hide = Callable[[Image], Image | None]


def draft(camera_code: str, hide: Hide = lambda _: None) -> Step:
    """Make the events, each with its picture; `hide` makes the one for whoever must not see the camera whole."""

    def step(moment: Moment) -> Moment:
        pairs = zip(moment.seen, moment.placed, strict=True)
        return moment._replace(drafts=tuple(_draft(camera_code, moment.frame, seen, at, hide) for seen, at in pairs))

    return step


def _draft(camera_code: str, frame: Frame, seen: Seen, placed: Placed, hide: Hide) -> EventDraft:
    image = veiled(frame.image, seen.box) if seen.kind == HIT else frame.image
    masked = hide(image)
    jpeg, width_px, height_px, scale = shrink(image)
    bearing = {} if placed.bearing_deg is None else {"bearing_deg": round(placed.bearing_deg, 1)}
    why = {} if placed.unplaced is None else {"unplaced": placed.unplaced}
    x0, y0, x1, y1 = (round(value * scale, 1) for value in seen.box)
    return EventDraft(
        kind=seen.kind,
        source=f"camera:{camera_code}",
        source_event_id=uuid4().hex,
        camera_id=frame.camera_id,
        at=seen.at,
        certainty=min(1.0, max(0.0, seen.certainty)),
        placed=placed,
        details={**seen.details, **bearing, **why},
        picture_jpeg=jpeg,
        masked_jpeg=None if masked is None else shrink(masked)[0],
        width_px=width_px,
        height_px=height_px,
        box=(x0, y0, x1, y1),
    )


def shrink(image: Image) -> tuple[bytes, int, int, float]:
    """Return a picture as JPEG, at most 1280 px wide, with its width, height and scale; nothing is drawn into it."""
    scale = min(1.0, WIDEST_PX / image.shape[1])
    small = image if scale == 1.0 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
    return jpeg, small.shape[1], small.shape[0], scale
