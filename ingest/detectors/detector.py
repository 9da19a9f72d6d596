"""The two shapes of this room: what finds objects in a frame, and what tells an event of what it sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec

from ingest.detectors.keeping import Views
from ingest.plates.hotlist import NOTHING_WANTED, Hotlist
from ingest.values import Detection, Picture, Placed, Point, Scene, Seen
from layers.cameras.reasons import Reason, message
from layers.values import Title


class ObjectDetector(Protocol):
    """Finds objects in one frame; may be called from several threads at once."""

    def detect(self, picture: Picture) -> tuple[Detection, ...]:
        """Return what is seen, boxes in the picture's own pixels."""
        ...


class Function(Protocol):
    """A rule on one camera: a state machine over scenes that knows no clock but the scene's own."""

    def update(self, scene: Scene) -> Sequence[Seen]:
        """Take the next moment and return what there is to tell."""
        ...


class RuleError(ValueError):
    """A rule of a camera cannot be used; the text is one clear sentence, `reason` the same in every language."""

    def __init__(self, sentence: str, reason: Reason | None = None) -> None:
        """Take the sentence, and its reason where it has a code of data/camera_reasons.json."""
        self.reason = reason or Reason("rule", {"said": sentence})
        super().__init__(sentence)


class NotHere(ValueError):
    """A function has sound settings, and this camera or this machine lacks what it needs."""

    def __init__(self, reason: Reason) -> None:
        """Take a reason of data/camera_reasons.json."""
        self.reason = reason
        super().__init__(message(reason).en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a function stands among: the home of models, its camera, and where a pixel of it lies on the ground.

    `size_px` is width, height of the frames; None where the camera's row does not say. `hotlist` knows the plates that
    are looked for. `masks` are the polygons of the picture that it does not look at; `functions` names all that watch
    through this camera. `views` are how it looked before a restart, `preset` is
    the one at which the rule looks, `fps` how many frames a second there are at most; None: not known.
    """

    home: Path
    camera_id: int
    camera_code: str
    size_px: tuple[int, int] | None
    place: Callable[[Point], Placed]
    hotlist: Hotlist = NOTHING_WANTED
    masks: tuple[tuple[Point, ...], ...] = ()
    functions: frozenset[str] = frozenset()
    views: Views = field(default_factory=lambda: Views(stream=""))
    preset: str | None = None
    fps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionEntry:
    """A function as the register knows it: its name is also the kind of the events it tells, unless `tells` names one.

    What looks at `tracks` is asked while something moves, once it was detected and followed. What looks at the
    `picture` is asked of every frame that comes, which of an idle camera are its key frames; one that is `unblinking`
    keeps its camera active, so that these are all there are. What looks at `both` is asked of every frame first, and
    once more with the tracks while something moves. What looks at tracks alone finds the image in its scene only where
    it is `with_image`: to make one costs as much as all else but the search. For one that asks after the `lying` the
    model looks a second time where people stood and are no longer found. One that sees nothing in fewer than
    `least_fps` frames a second is refused where there are fewer, not left to be silent. Settings that it shares with
    its kin and never looks at are `unseen`: none is offered, and one that stands in a row of before is passed over.
    """

    name: str
    title: Title
    settings: type[Any]
    build: Callable[[Any, Surroundings], Function]
    looks: Literal["tracks", "picture", "both"] = "tracks"
    unblinking: bool = False
    with_image: bool = False
    lying: bool = False
    least_fps: float = 0.0
    unseen: frozenset[str] = frozenset()
    tells: str | None = None

    @property
    def wants_image(self) -> bool:
        """Say whether it looks at the image beside the tracks."""
        return self.with_image or self.looks == "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorEntry:
    """An object detector as the register knows it; `open` takes the path of a model card."""

    name: str
    title: Title
    open: Callable[[Path], ObjectDetector]


def build_function(entry: FunctionEntry, settings: object, among: Surroundings) -> Function:
    """Build a function from the settings of a camera row. RuleError says in one sentence what is wrong with them."""
    known = {one.name for one in fields(entry.settings)}
    strange = next((name for name in settings if name not in known), None) if isinstance(settings, dict) else None
    if strange is not None:
        raise RuleError(f"The rule {entry.name} has no setting {strange}; there are {', '.join(sorted(known))}.")
    if among.fps is not None and among.fps < entry.least_fps:
        few = Reason("rule_frames", {"rule": entry.name, "least": f"{entry.least_fps:g}", "fps": f"{among.fps:g}"})
        raise RuleError(message(few).en, few)
    try:
        return entry.build(msgspec.convert(_whole(settings), entry.settings), among)
    except NotHere as error:
        raise RuleError(str(error), error.reason) from None
    except (msgspec.ValidationError, ValueError) as error:
        raise RuleError(f"The rule {entry.name} is not usable: {error}.") from None


def _whole(settings: object) -> object:
    """Return settings in which 3.0 is 3, as JSON has it: where a number may be a fraction, that is the same."""
    if not isinstance(settings, dict):
        return settings
    told = settings.items()
    return {name: int(one) if isinstance(one, float) and one.is_integer() else one for name, one in told}
