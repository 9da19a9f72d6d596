"""A function watches a clip as it would a camera: gate, model, tracker, rule, on the clip's own clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ingest.detectors.detector import FunctionEntry, ObjectDetector, Surroundings, build_function
from ingest.gate import MotionGate
from ingest.geolocate import nowhere
from ingest.lying import Lying
from ingest.measuring.clip import Case, Clip, Shot
from ingest.measuring.scoring import Run
from ingest.picture import Pixels
from ingest.pipeline import HOLD
from ingest.tracking import Tracker
from ingest.values import Detection, Scene
from layers.values import LonLat

KEY_FRAMES = timedelta(seconds=2)  # how far apart those of an idle camera are
START = datetime(2026, 1, 1, tzinfo=UTC)
SOMEWHERE = LonLat(lon=76.94, lat=43.24)


class Eyes:
    """The model, which looks at each picture of a clip once, however many functions are measured on it."""

    def __init__(self, detector: ObjectDetector | None) -> None:
        """Take the detector; None sees nothing."""
        self.detector = detector
        self._known: dict[tuple[str, int], tuple[Detection, ...]] = {}

    def see(self, clip: Clip, number: int, shot: Shot) -> tuple[Detection, ...]:
        """Return the objects of a shot: those that its plan names, else what the model finds in its picture."""
        if shot.detections is not None:
            return shot.detections
        if shot.image is None or self.detector is None:
            return ()
        key = clip.key, number
        if key not in self._known:
            self._known[key] = self.detector.detect(Pixels(shot.image))
        return self._known[key]


def watch(entry: FunctionEntry, case: Case, home: Path, eyes: Eyes) -> Run:
    """Watch one clip to its end. RuleError where the case's settings are not usable."""
    function = build_function(entry, case.settings, _among(case.clip, home))
    scenes: dict[str, Callable[[Clip, Eyes], Iterator[Scene]]] = {
        "tracks": partial(_of_tracks, lying=entry.lying),
        "picture": _of_pictures,
        "both": _of_both,
    }
    told, moments = [], []
    for scene in scenes[entry.looks](case.clip, eyes):
        told += [_seconds(seen.at) for seen in function.update(scene)]
        moments.append(_seconds(scene.at))
    seconds = moments[-1] - moments[0] if moments else 0.0
    return Run(on=case.clip.on, truths=case.clip.truths, told_s=tuple(told), frames=len(set(moments)), seconds=seconds)


def _among(clip: Clip, home: Path) -> Surroundings:
    where = clip.place or (lambda _: nowhere(SOMEWHERE))
    return Surroundings(
        home=home, camera_id=0, camera_code="measured", size_px=clip.size_px, place=where, hotlist=clip.hotlist
    )


def _of_tracks(clip: Clip, eyes: Eyes, *, lying: bool) -> Iterator[Scene]:
    gate, tracker = MotionGate(), Tracker()
    second = Lying(eyes.detector) if lying and eyes.detector is not None else None
    for number, shot in enumerate(clip.shots()):
        at = START + timedelta(seconds=shot.at_s)
        motion = gate.regions(Pixels(shot.image)) if shot.image is not None else ()
        found = eyes.see(clip, number, shot)
        if second is not None and shot.image is not None:
            found = (*found, *second.look(Pixels(shot.image), found, at))
        yield Scene(at=at, tracks=tracker.update(found, at), motion=motion, image=shot.image)


def _of_both(clip: Clip, eyes: Eyes) -> Iterator[Scene]:
    """Show each picture, and once more with its tracks while something moves; asleep, the key frames alone come."""
    gate, tracker, moved, last = MotionGate(), Tracker(), START - HOLD, START - HOLD
    for number, shot in enumerate(clip.shots()):
        at = START + timedelta(seconds=shot.at_s)
        if shot.image is None or (at - moved > HOLD and at - last < KEY_FRAMES):
            continue
        last = at
        yield Scene(at=at, image=shot.image)
        motion = gate.regions(Pixels(shot.image))
        moved = at if motion else moved
        if at - moved <= HOLD:
            yield Scene(at=at, tracks=tracker.update(eyes.see(clip, number, shot), at), motion=motion, image=shot.image)


def _of_pictures(clip: Clip, _: Eyes) -> Iterator[Scene]:
    for shot in clip.shots():
        yield Scene(at=START + timedelta(seconds=shot.at_s), image=shot.image)


def _seconds(at: datetime) -> float:
    return (at - START).total_seconds()
