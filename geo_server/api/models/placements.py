"""The shapes of plans of cameras and of forbidden zones."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from geo_server.api.models.base import Asked, AskedPlace, Moment, Place, Sent, SomeId, Title, Word
from geo_server.api.models.closures import DrawnPolygon
from geo_server.api.models.jobs import Job
from geo_server.planning.placement.kinds import SOURCES, Source

Aim = Literal["budget", "number", "cover"]
Money = Annotated[float, Field(ge=0, le=1e12)]
Weight = Annotated[float, Field(ge=0, le=1e6)]
Lens = Annotated[float, Field(ge=1, le=170, description="degrees across the picture")]
Height = Annotated[float, Field(gt=0, le=100, description="metres above the ground")]
Tilt = Annotated[float, Field(ge=0.5, le=90, description="degrees below the horizon")]


# ── what is offered ─────────────────────────────────────────────────────────────────────────────────────────────


class CameraKind(Sent):
    """A camera as it is sold; `price` is without what it hangs on. One that turns looks to `presets` sides."""

    name: str
    title: Title
    kind: Literal["fixed", "ptz"]
    price: float
    width_px: int
    height_px: int
    lenses_deg: list[float]
    heights_m: list[float]
    range_m: float
    infrared: bool
    wide_dynamic_range: bool
    presets: int


class Mount(Sent):
    """What cameras hang on, and what putting that up costs."""

    name: Source
    title: Title
    price: float


class Offer(Sent):
    """Kinds and mounts at their usual prices, in one currency (ISO 4217)."""

    currency: str
    kinds: list[CameraKind]
    mounts: list[Mount]


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────


class AskedKind(Asked):
    """One of the offered kinds, at another price, or with other lenses and heights."""

    name: Word
    price: Annotated[float, Field(gt=0, le=1e12)] | None = None
    lenses_deg: Annotated[list[Lens], Field(min_length=1, max_length=6)] | None = None
    heights_m: Annotated[list[Height], Field(min_length=1, max_length=6)] | None = None


class AskedWorth(Asked):
    """What seeing counts, in incidents."""

    incident: Weight = 1.0
    accident: Weight = 1.0
    street_km: Weight = 2.0
    place: Weight = 3.0
    school: Weight = 5.0
    address: Weight = 0.05


class AskedDemand(Asked):
    """A place that has to be seen, and what that counts in incidents."""

    place: AskedPlace
    weight: Annotated[float, Field(gt=0, le=1e6)] = 10.0


class NewPlacement(Asked):
    """What cameras are for, and how much: money, how many, or the share of what counts that is to be seen (0 to 1).

    Without `area_id` it is the area entered; without `shape` all of it. `kinds` are by name, all where none is told.
    """

    name: Word
    purpose: Word = "situation"
    aim: Aim = "number"
    amount: Annotated[float, Field(ge=0, le=1e12)] = 10
    area_id: SomeId | None = None
    shape: DrawnPolygon | None = None
    kinds: list[AskedKind] = Field(default_factory=list, max_length=20)
    mounts: dict[Source, Money] = Field(default_factory=dict)
    sources: list[Source] = Field(default_factory=lambda: list(SOURCES), min_length=1, max_length=4)
    step_m: Annotated[float, Field(ge=10, le=500, description="between posts along a street")] = 40.0
    worth: AskedWorth = AskedWorth()
    demands: list[AskedDemand] = Field(default_factory=list, max_length=500)

    @model_validator(mode="after")
    def _in_its_range(self) -> "NewPlacement":
        if self.aim == "cover" and self.amount > 1:
            raise ValueError("a share of what counts is 1 at most")
        if self.aim == "number" and (self.amount > 10_000 or self.amount != int(self.amount)):
            raise ValueError("a number of cameras is a whole one, up to 10,000")
        return self


class AskedHanging(Asked):
    """How a camera of a plan is to hang: degrees from the true north, metres above the ground."""

    place: AskedPlace
    height_m: Height
    heading_deg: Annotated[float, Field(ge=-360, le=720)]
    tilt_deg: Tilt
    hfov_deg: Lens


# ── what is answered ────────────────────────────────────────────────────────────────────────────────────────────


class Measure(Sent):
    """How much there is of something, is seen already, and is seen with the plan as it was proposed.

    Once somebody has hung a camera otherwise, nobody knows it of ground and streets.
    """

    whole: float
    before: float
    after: float | None


class PlacementFigures(Sent):
    """What a plan comes to.

    `value` is what it adds by weight, `cost` what its aim counts: money, or how many. No choice among the candidates
    passes `bound`: more value, or for a wanted cover less cost. `how`: proven to be the best, within half a percent of
    the bound, or as greed finds it. `reached`: the wanted cover is. `nothing`: why it has no camera, where it has none.
    """

    weight: Measure
    ground_m2: Measure
    streets_m: Measure
    price: float
    cameras: int
    value: float
    cost: float
    bound: float
    how: Literal["optimal", "within", "greedy"]
    reached: bool
    nothing: Title | None = None
    moved: int = Field(default=0, description="cameras that somebody hung otherwise")
    spots: int
    spots_tried: int
    candidates: int


class Placement(Sent):
    """A plan of cameras; no figures until it is reckoned."""

    id: int
    name: str
    area_id: int
    made_by: str
    made_at: Moment
    purpose: str
    aim: Aim
    amount: float
    currency: str
    job: Job | None
    figures: PlacementFigures | None


class Placements(Sent):
    """The newest plans first."""

    placements: list[Placement]


class PlacementCamera(Sent):
    """A camera of a plan: how it hangs, what it costs and adds, the rules by name, and what it sees (GeoJSON).

    `masks` are forbidden zones of which it has to mask what it sees.
    """

    id: int
    number: int
    kind: str
    kind_title: Title
    source: Source
    place: Place
    height_m: float
    heading_deg: float
    tilt_deg: float
    hfov_deg: float
    price: float
    adds: float
    ground_m2: float
    meets: list[str]
    breaks: list[str]
    unsure: list[str]
    masks: list[int]
    moved_by: str | None
    seen: dict[str, Any]


class RuleTold(Sent):
    """A rule of installation that is named: its article and its title (Almaty 213)."""

    name: str
    article: str
    title: Title


class PlacementWhole(Placement):
    """A plan with its region, cameras, and the rules that these name."""

    region: dict[str, Any]
    cameras: list[PlacementCamera]
    rules: list[RuleTold]


class Compared(Sent):
    """A plan beside others: what it sees at all (GeoJSON), and how much ground of that none of the others sees."""

    placement: Placement
    seen: dict[str, Any]
    seen_m2: float
    alone_m2: float


class Comparison(Sent):
    """Plans side by side, in the order asked."""

    plans: list[Compared]


class Hanging(Sent):
    """What comes of a camera that hangs so: what it sees, what it adds, and what the plan sees with it by weight."""

    seen: dict[str, Any]
    ground_m2: float
    adds: float
    after: float
    meets: list[str]
    breaks: list[str]
    unsure: list[str]
    masks: list[int]
    refused: Literal["inside", "in_forbidden_zone", "looks_into_forbidden_zone"] | None


class NewForbiddenZone(Asked):
    """Ground that no camera may look into, or of which it has to mask what it sees."""

    name: Word
    rule: Literal["refuse", "mask"] = "refuse"
    shape: DrawnPolygon


class ForbiddenZone(Sent):
    """A forbidden zone; `shape` is a GeoJSON Polygon."""

    id: int
    name: str
    rule: Literal["refuse", "mask"]
    area_id: int | None
    made_by: str
    made_at: Moment
    shape: dict[str, Any]


class ForbiddenZones(Sent):
    """The forbidden zones of an area."""

    zones: list[ForbiddenZone]
