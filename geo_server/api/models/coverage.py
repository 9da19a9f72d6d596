"""The shapes of coverage: shares of areas, ranked gaps and what one camera would see."""

from typing import Annotated, Any, Literal

from pydantic import Field

from geo_server.api.models.base import Area, Asked, AskedPlace, Metres, Moment, Place, Sent, SomeId, Title, Word

Cut = Literal["purposes", "classes_2025", "classes_2014"]
Terrain = Annotated[
    Literal["whole", "part", "none"],
    Field(description="Whether the height of the ground was counted; elsewhere it is taken as flat."),
]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-84, le=84)]


class Purpose(Sent):
    """What cameras are for, and how finely that asks to be seen (Almaty 213)."""

    name: str
    title: Title
    about: Title
    article: str
    density_px_m: float = Field(description="pixels to a metre")


class Measured(Sent):
    """Of a measure how much there is, is seen, by two cameras or more, and by private ones alone."""

    whole: float
    seen: float
    twice: float
    private: float
    night: float = Field(description="Seen by night for sure: as far as infrared light reaches, or where it is lit.")
    night_unknown: float = Field(description="Seen by day by cameras of whose light nobody knows enough.")


class AreaCoverage(Sent):
    """How much of an area, with all below it, is seen; by measure: metres, square metres, or how many."""

    area: Area
    parent_id: int | None
    level: int
    measures: dict[str, Measured]


class CoverageState(Sent):
    """How fresh that is: tiles there are, and that wait to be reckoned; no tiles: nobody asked yet."""

    tiles: int
    waiting: int
    oldest: Moment | None
    terrain: Terrain


class CoverageAnswer(Sent):
    """What is seen for one purpose of the area entered and of all below it."""

    purpose: Purpose
    purposes: list[Purpose]
    state: CoverageState
    areas: list[AreaCoverage]


class Hang(Sent):
    """Where a camera could hang: the pole of another one, or the corner of a building, and how far that is."""

    kind: Literal["pole", "building"]
    place: Place
    away_m: Metres
    name: str | None = Field(description="The pole's name, else the code of the camera on it; of a building none.")


class Holding(Sent):
    """Ground, and what lies in it: streets, incidents and accidents there were, places, schools and addresses."""

    ground_m2: float
    streets_m: Metres
    incidents: int
    accidents: int
    places: int
    schools: int
    addresses: int


class Gap(Holding):
    """Ground that no camera sees for a purpose, with what lies in it; it weighs as many incidents as it may expect."""

    id: int
    area_id: int
    place: Place
    bbox: tuple[float, float, float, float]
    weight: float = Field(description="Its worth, and what it has to expect of the categories and hours asked for.")
    expected: float = Field(description="Incidents of those categories and hours, spread along its streets.")
    reasons: list[Title] = Field(description="Why it weighs what it does, in words.")
    nearest: Title | None = Field(description="The nearest address.")
    hang: Hang | None = Field(description="The nearest thing to hang a camera on; null where nothing stands near.")


class Gaps(Sent):
    """Gaps, those that weigh most first; `next` is what to ask for as `past` where there may be more."""

    gaps: list[Gap]
    next: int | None


class GridPlace(AskedPlace):
    """Degrees WGS 84, where there is a metre grid: up to 84° north or south."""

    lat: Lat


class Lost(Holding):
    """A camera, pole, node or link, and what of the area nobody else sees: it is lost where that fails."""

    name: str = Field(description="A pole's, node's or link's in the register; of a camera its id.")
    title: Title | None = Field(
        description="What people call the camera; null for other things, and where it is not seen."
    )
    cameras: int = Field(description="How many cameras fail with it.")


class Redundancy(Sent):
    """What is lost by what fails, the worst first; `next` is what to ask for as `past` where there may be more."""

    lost: list[Lost]
    next: int | None


class LostPatch(Sent):
    """A GeoJSON Feature: ground that is seen by one thing alone."""

    type: Literal["Feature"] = "Feature"
    properties: dict[str, str]
    geometry: dict[str, Any]


class LostGround(Sent):
    """A GeoJSON FeatureCollection; `whole` is false where only the tiles are told in which it loses most."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[LostPatch]
    whole: bool


class AskedPose(Asked):
    """A camera that hangs, or would hang, somewhere."""

    place: GridPlace
    height_m: Annotated[float, Field(gt=0, le=300)]
    heading_deg: Annotated[float, Field(ge=-360, le=720)]
    hfov_deg: Annotated[float, Field(ge=0.1, le=360)]
    tilt_deg: Annotated[float | None, Field(ge=-90, le=90, description="below the horizon; null: unknown")] = None
    roll_deg: Annotated[float, Field(ge=-180, le=180)] = 0.0
    range_m: Annotated[float, Field(gt=0, le=2000)] = 120.0
    width_px: Annotated[int, Field(ge=16, le=20_000)] = 1920
    height_px: Annotated[int, Field(ge=16, le=20_000)] = 1080
    cut: Cut = "purposes"
    purpose: Annotated[str | None, Field(max_length=50, description="for which its change is told as well")] = None
    instead_of: SomeId | None = Field(default=None, description="the camera that is to hang so; null: a new one")


class Change(Sent):
    """What hanging a camera so changes of what is seen for the purpose: ground that no other camera sees.

    Weights are counted in incidents, as those of gaps; shapes are GeoJSON MultiPolygons.
    """

    gained_m2: float
    lost_m2: float
    gained_weight: float
    lost_weight: float
    gained: dict[str, Any]
    lost: dict[str, Any]


class ViewBand(Sent):
    """A GeoJSON Feature: what is seen for a purpose, or as finely as a class of IEC 62676-4 asks."""

    type: Literal["Feature"] = "Feature"
    properties: dict[str, float | str]
    geometry: dict[str, Any]


class View(Sent):
    """A GeoJSON FeatureCollection of bands, the coarsest first; `unseeing` says why there are none."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[ViewBand]
    unseeing: str | None
    terrain: Terrain = "none"
    change: Change | None = None


class CameraSight(Sent):
    """What a camera of the register sees, and what it is known by; `unseeing` says why nobody can tell."""

    id: int
    code: str
    name: Title
    kind: str
    place: Place
    height_m: Metres | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    range_m: Metres
    width_px: int | None
    height_px: int | None
    calibration: Literal["none", "good", "broken"]
    presets: int = Field(description="Views that it returns to and whose direction and lens are known.")
    unseeing: str | None
    bands: list[ViewBand] = Field(description="What it sees, the coarsest first: at all its presets together.")
    reach: list[ViewBand] | None = Field(description="What it could see if turned; null where it does not turn.")
    blind_m2: float | None = Field(description="Nearer than its picture begins; null where the tilt is not known.")
    blind_m: Metres | None
    hidden_m2: float | None = Field(description="What buildings hide of it.")
    terrain: Terrain


class AskedGround(Asked):
    """A polygon by its corners, degrees WGS 84, reckoned at once; with a purpose also its shares and gaps."""

    corners: Annotated[list[tuple[Lon, Lat]], Field(min_length=3, max_length=200)]
    cut: Cut = "purposes"
    purpose: Annotated[str | None, Field(max_length=50)] = None


class GroundGap(Holding):
    """Ground of it that no camera sees for the purpose, as `Gap`, with its outline."""

    place: Place
    weight: float
    expected: float = Field(description="Incidents, spread along its streets.")
    reasons: list[Title] = Field(description="Why it weighs what it does, in words.")
    geometry: dict[str, Any]


class GroundAnswer(Sent):
    """A GeoJSON FeatureCollection: how finely its ground is seen; each cell in the finest band that it is seen in.

    `area_m2` of a band is what is seen so finely or finer. Shares and gaps are empty without a purpose.
    """

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[ViewBand]
    ground_m2: float
    cell_m: Metres
    cameras: int
    terrain: Terrain
    measures: dict[str, dict[str, Measured]] = Field(description="By purpose, and by measure.")
    gaps: list[GroundGap]


class AskedHanging(Asked):
    """How a camera, or one preset of it, is to hang from now on; place and height are the camera's own."""

    preset: Word | None = None
    place: AskedPlace
    height_m: Annotated[float, Field(gt=0, le=300)]
    heading_deg: Annotated[float, Field(ge=0, lt=360)]
    tilt_deg: Annotated[float | None, Field(ge=-90, le=90, description="below the horizon; null: unknown")] = None
    hfov_deg: Annotated[float, Field(ge=0.1, le=360)]
    roll_deg: Annotated[float, Field(ge=-180, le=180)] = 0.0
    loses_calibration: Annotated[bool, Field(description="whoever asks knows that a good calibration is lost")] = False


class Hung(Sent):
    """A camera hangs otherwise; `lost` are its calibrations that no longer hold, null is that of the camera itself."""

    id: int
    lost: list[str | None]
