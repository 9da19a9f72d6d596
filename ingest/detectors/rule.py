"""A rule of a camera: a function with its settings, and when, where and in which view it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta

from ingest.detectors.by_view import ByView, OfView
from ingest.detectors.detector import Function, FunctionEntry, RuleError, Surroundings, build_function
from ingest.detectors.plane import centre, finite, inside
from ingest.detectors.register import FUNCTIONS
from ingest.detectors.setting import MOST_CORNERS, Corner
from ingest.detectors.small import Masks
from ingest.values import CameraNow, Point, Scene, Seen
from layers.values import KAZAKHSTAN

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Clock = Annotated[str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours of the day in Almaty. Where they end before they begin they reach into the next day."""

    days: Annotated[tuple[Day, ...], Meta(min_length=1, description="The days on which they begin.")] = DAYS
    since: Annotated[Clock, Meta(description="From this time on.")] = "00:00"
    until: Annotated[Clock, Meta(description="Until just before this time.")] = "24:00"


class Mask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region: of analysis, unseen by rules (Almaty 213, art. 9), or of privacy, unseen by people."""

    polygon: Annotated[
        tuple[Corner, ...],
        Meta(min_length=3, max_length=MOST_CORNERS, description="The corners of the region, pixels of the frame."),
    ]
    kind: Annotated[Literal["analysis", "privacy"], Meta(description="Unseen by rules, or by people.")] = "analysis"
    why: Annotated[str, Meta(max_length=200, description="What is there: a screen, branches, an escalator.")] = ""
    preset: Annotated[
        str | None, Meta(description="The view of a PTZ camera, by its token, in which it was drawn; none: not told.")
    ] = None


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as it stands in a camera's row."""

    function: Annotated[str, Meta(description="The name of the function.")]
    settings: Annotated[dict[str, Any], Meta(description="The settings of the function.")] = {}
    schedule: Annotated[tuple[Hours, ...], Meta(description="When it looks, by Almaty's clock; none: always.")] = ()
    masks: Annotated[tuple[Mask, ...], Meta(description="Regions that this rule alone does not look at.")] = ()
    preset: Annotated[
        str | None, Meta(description="The view of a PTZ camera, by its token, in which alone it looks; none: in all.")
    ] = None
    name: Annotated[str, Meta(max_length=80, description="What people call it; its events carry it.")] = ""


def masks_of(told: Any, preset: str | None = None) -> Masks:
    """Return the regions that no rule looks at; one bound to a view looks past those drawn in it or in none.

    RuleError says in one sentence what is wrong with them.
    """
    try:
        masks = msgspec.convert(told, tuple[Mask, ...])
    except msgspec.ValidationError as error:
        raise RuleError(f"The camera's masks are not usable: {error}.") from None
    elsewhere = {mask.preset for mask in masks} - {None, preset} if preset is not None else set()
    polygons = tuple(mask.polygon for mask in masks if mask.kind == "analysis" and mask.preset not in elsewhere)
    if not all(map(finite, polygons)):
        raise RuleError("The camera's masks are not usable: a corner is no finite point.")
    return polygons


def function_of(
    told: Any, among: Surroundings, masks: Masks = (), now: Callable[[], CameraNow] = CameraNow
) -> tuple[FunctionEntry, Function]:
    """Build what a rule of a camera's row asks for, under the camera's masks; `now` says where the camera stands.

    RuleError says in one sentence what is wrong with the rule.
    """
    name = told.get("function") if isinstance(told, dict) else None
    entry = next((entry for entry in FUNCTIONS if entry.name == name), None)
    if entry is None:
        raise RuleError(f"There is no function {name}; there are {', '.join(entry.name for entry in FUNCTIONS)}.")
    try:
        rule = msgspec.convert(told, Rule)
    except msgspec.ValidationError as error:
        raise RuleError(f"The rule {name} is not usable: {error}.") from None
    own = masks_of(msgspec.to_builtins(rule.masks))
    hidden = (*masks, *own)
    stands = replace(among, masks=hidden, preset=rule.preset)
    function = build_function(entry, rule.settings, stands)
    if among.views.turns and hasattr(function, "returned"):
        function = _by_view(entry, rule, stands, now)
    return entry, Ruled(function=function, rule=rule, masks=hidden, now=now)


def _by_view(entry: FunctionEntry, rule: Rule, among: Surroundings, now: Callable[[], CameraNow]) -> ByView:
    """Build a memory for each view that the rule looks in, those first that one is kept of."""

    def build(preset: str) -> OfView:
        return cast(OfView, build_function(entry, rule.settings, replace(among, preset=preset)))

    kept = among.views.before if rule.preset is None else [rule.preset]
    known = {preset: build(preset) for preset in kept}
    return ByView(build=build, now=now, known=known, only=rule.preset)


@dataclass(slots=True, kw_only=True)
class Ruled:
    """A function as its rule has it look: at its hours, in its view, past the masks."""

    function: Function
    rule: Rule
    masks: Masks
    now: Callable[[], CameraNow]
    _looked: bool = False
    _stood: CameraNow | None = None

    def update(self, scene: Scene) -> Sequence[Seen]:
        """Ask the function, if it is to look now; its events carry the rule's name."""
        now = self.now()
        self._looked = looks_at(self.rule.schedule, scene.at) and self._stands(now) and self._may_look(now)
        if not self._looked:
            return ()
        told = self.function.update(past(self.masks, scene) if self.masks else scene)
        return [self._named(seen) for seen in told] if self.rule.name else told

    def _stands(self, now: CameraNow) -> bool:
        return isinstance(self.function, ByView) or stands(self.rule.preset, now)

    def _may_look(self, now: CameraNow) -> bool:
        """Say whether views may be compared: not while a camera turns, and where it was turned they begin anew."""
        elsewhere = getattr(self.function, "elsewhere", None)
        if elsewhere is None or self.rule.preset is not None:
            return True
        stood, self._stood = self._stood, now
        if stood is not None and (stood.preset, stood.moving) != (now.preset, now.moving):
            elsewhere()
        return not now.moving

    def awaits(self) -> bool:
        """Say whether the function, as it looked last, needs the next frames though nothing moves in them."""
        return self._looked and bool(getattr(self.function, "awaits", False))

    def _named(self, seen: Seen) -> Seen:
        return replace(seen, details={**seen.details, "rule": self.rule.name})


def any_awaits(built: Sequence[tuple[FunctionEntry, Function]]) -> bool:
    """Say whether one of a camera's functions needs the next frames though nothing moves in them."""
    return any(isinstance(function, Ruled) and function.awaits() for _, function in built)


def by_motion(function: Function) -> bool:
    """Say whether a rule is content with what moves, whatever it is, and needs no object found."""
    settings = function.rule.settings if isinstance(function, Ruled) else {}
    return settings.get("by") == "motion"


def stands(preset: str | None, now: CameraNow) -> bool:
    """Say whether a rule looks in the view that the camera has now: in none while it moves, if it is bound to one."""
    return preset is None or (preset == now.preset and not now.moving)


def looks_at(schedule: Sequence[Hours], at: datetime) -> bool:
    """Say whether a moment is within some hours of a schedule; an empty one is always."""
    if not schedule:
        return True
    local = at.astimezone(KAZAKHSTAN)
    return any(_within(hours, local) for hours in schedule)


def _within(hours: Hours, local: datetime) -> bool:
    today, yesterday = DAYS[local.weekday()], DAYS[(local - timedelta(days=1)).weekday()]
    now, since, until = f"{local:%H:%M}", hours.since, hours.until
    if since < until:
        return today in hours.days and since <= now < until
    return (today in hours.days and now >= since) or (yesterday in hours.days and now < until)


def past(masks: Masks, scene: Scene) -> Scene:
    """Return a scene as it looks past masks: without the tracks whose foot and the motion whose middle lies in one.

    The picture is whole: what looks at it knows its masks, and greys them where that costs least, in its small copy.
    """
    return Scene(
        at=scene.at,
        tracks=tuple(track for track in scene.tracks if not _hidden(masks, track.foot)),
        motion=tuple(box for box in scene.motion if not _hidden(masks, centre(box))),
        image=scene.image,
    )


def _hidden(masks: Masks, point: Point) -> bool:
    return any(inside(mask, point) for mask in masks)
