"""The shapes of calibrations: what is clicked in a picture and on the map, and what comes of it."""

from typing import Annotated, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, LonLatPair, Metres, Moment, Place, Sent, Title, Word

MOST_POINTS = 100
Pixels = Annotated[int, Field(ge=16, le=20_000, description="pixels")]
Pixel = tuple[float, float]
Grade = Annotated[float, Field(ge=-0.5, le=0.5, description="metres up a metre")]


class ControlPoint(Asked):
    """A thing at pixel x, y of the picture, and where it is; elevation above the ground at the camera's foot."""

    x: float = Field(ge=0, le=20_000)
    y: float = Field(ge=0, le=20_000)
    lon: float = Field(ge=-180, le=180, examples=[76.945])
    lat: float = Field(ge=-90, le=90, examples=[43.238])
    elevation_m: float | None = Field(default=None, ge=-1000, le=9000)


class Pose(Asked):
    """How a camera hangs: metres above the ground, degrees from north, below the horizon, clockwise, and across."""

    height_m: float = Field(gt=0, le=1000)
    heading_deg: float = Field(ge=0, lt=360)
    tilt_deg: float = Field(gt=0, le=90)
    hfov_deg: float = Field(gt=0, lt=180)
    roll_deg: float = Field(default=0.0, ge=-180, le=180)


class Ground(Asked):
    """The slope of the ground at the camera."""

    east_grade: Grade
    north_grade: Grade


class AskedCalibration(Asked):
    """What a camera, or one preset of it, is calibrated by: its points, else its pose.

    `hfov_deg` is a field of view that is known; without it points find it. So does a lens without `distortion` (k1, k2,
    p1, p2, k3 as OpenCV counts them) from eight points, a slope without `ground` from four elevations.
    """

    preset: Word | None = None
    width_px: Pixels
    height_px: Pixels
    points: list[ControlPoint] = Field(default=[], max_length=MOST_POINTS)
    pose: Pose | None = None
    hfov_deg: float | None = Field(default=None, gt=0, lt=180)
    distortion: list[Annotated[float, Field(ge=-10, le=10)]] | None = Field(default=None, max_length=5)
    ground: Ground | None = None
    range_m: float = Field(default=120.0, gt=0, le=5000)


class PointTold(Sent):
    """How far the other points put this one from its place; null where they fix no pose. Suspect: they deny it."""

    residual_m: Metres | None
    suspect: bool


class RingTold(Sent):
    """Everything as far away as this, in the picture and on the map; how surely what stands there is placed."""

    distance_m: Metres
    pixels: list[list[Pixel]]
    places: list[list[LonLatPair]]
    ellipse_m: Metres | None = Field(description="The longer half of the 95 % ellipse; null where nothing is placed.")


class Drafted(Sent):
    """What points or a pose come to."""

    pose: Pose
    k1: float
    east_grade: float
    north_grade: float
    points: list[PointTold]
    median_m: Metres | None
    p95_m: Metres | None
    horizon: list[list[Pixel]]
    rings: list[RingTold]
    field: list[LonLatPair] = Field(
        description="The ground that is seen within the range, a closed ring; may be empty."
    )


class View(Sent):
    """One view of a camera, as it hangs or at a preset, and its calibration; `error_m` is the median residual."""

    preset: str | None
    name: Title
    width_px: int | None
    height_px: int | None
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    hfov_found: bool = Field(description="The points found the field of view: it is not known beforehand.")
    distortion: list[float] | None
    ground: Ground | None
    range_m: Metres
    points: list[ControlPoint]
    calibration: Literal["none", "good", "broken"]
    error_m: Metres | None
    calibrated_at: Moment | None
    calibrated_by: str | None


class CameraCalibration(Sent):
    """A camera with its views, the one as it hangs first; what it sees now, empty where that is not known."""

    id: int
    code: str
    name: Title
    kind: str
    place: Place
    preset: str | None
    moving: bool
    views: list[View]
    field: list[LonLatPair]


class CameraBrief(Sent):
    """A camera in a list, and the state of its calibration."""

    id: int
    code: str
    name: Title
    kind: str
    state: str = Field(examples=["live"])
    calibration: Literal["none", "good", "broken"]
    error_m: Metres | None


class Calibrations(Sent):
    """The cameras, by code."""

    cameras: list[CameraBrief]


class Picture(Sent):
    """A picture of a camera, when it was taken, and in how many pixels points are clicked in it."""

    at: Moment
    width_px: int
    height_px: int
    jpeg: str = Field(
        description="base64", json_schema_extra={"contentEncoding": "base64", "contentMediaType": "image/jpeg"}
    )
