"""The shapes of coverage: shares of areas, ranked gaps and what one camera would see."""

from typing import Annotated, Any, Literal

from pydantic import Field

from geo_server.api.models.base import Area, Asked, AskedPlace, Metres, Moment, Place, Sent, Title


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


class CoverageAnswer(Sent):
    """What is seen for one purpose of the area entered and of all below it."""

    purpose: Purpose
    purposes: list[Purpose]
    state: CoverageState
    areas: list[AreaCoverage]


class Gap(Sent):
    """Ground that no camera sees for a purpose, with what lies in it; it weighs as many incidents as it may expect."""

    id: int
    area_id: int
    place: Place
    bbox: tuple[float, float, float, float]
    ground_m2: float
    streets_m: Metres
    incidents: int
    places: int
    schools: int
    addresses: int
    weight: float
    nearest: Title | None = Field(description="The nearest address.")


class Gaps(Sent):
    """Gaps, those that weigh most first; `next` is what to ask for as `past` where there may be more."""

    gaps: list[Gap]
    next: int | None


class AskedPose(Asked):
    """A camera that hangs, or would hang, somewhere."""

    place: AskedPlace
    height_m: Annotated[float, Field(gt=0, le=300)]
    heading_deg: Annotated[float, Field(ge=-360, le=720)]
    hfov_deg: Annotated[float, Field(ge=0.1, le=360)]
    tilt_deg: Annotated[float | None, Field(ge=-90, le=90, description="below the horizon; null: unknown")] = None
    roll_deg: Annotated[float, Field(ge=-180, le=180)] = 0.0
    range_m: Annotated[float, Field(gt=0, le=2000)] = 120.0
    width_px: Annotated[int, Field(ge=16, le=20_000)] = 1920
    height_px: Annotated[int, Field(ge=16, le=20_000)] = 1080
    cut: Literal["purposes", "classes_2025", "classes_2014"] = "purposes"


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
