"""The shapes of compliance: counts by rule, owner, area and year, lists of cameras, and one camera by every rule."""

from datetime import date
from typing import Literal

from pydantic import Field

from geo_server.api.models.base import Area, Place, Sent, Title

Verdict = Literal["not_asked", "meets", "breaks", "cannot_tell"]
Source = Literal["unknown", "measured", "register", "derived"]
Unit = Literal["m", "deg", "px", "px2", "share", "s", "lux", "yes"]
Grounds = Literal["installed", "older_private", "older_state", "unknown"]


class Counts(Sent):
    """Cameras by what comes of the rules; `not_asked` of whom none is asked."""

    cameras: int
    meets: int
    breaks: int
    cannot_tell: int
    not_asked: int


class Rule(Sent):
    """One demand of Almaty 213: a fact has to lie from `least` to `most`, `best` is what the norm advises."""

    name: str
    article: str
    title: Title
    of: Literal["every", "person", "plate", "situation"] = Field(description="the module it is asked of")
    unit: Unit = Field(description="share: of 1; yes: 1 or 0")
    least: float | None
    most: float | None
    best: float | None


class RuleCounts(Sent):
    """What comes of one rule."""

    rule: Rule
    counts: Counts


class AreaCounts(Sent):
    """What comes of all rules in an area and all below it."""

    area: Area
    parent_id: int | None
    level: int
    counts: Counts


class OwnerCounts(Sent):
    """What comes of all rules for an owner's cameras; null: nobody told whose they are."""

    owner: str | None
    owner_kind: str = Field(description="state or private")
    counts: Counts


class YearCounts(Sent):
    """What comes of all rules for cameras by the year in which they have to comply (art. 6); null: none, or unknown."""

    year: int | None
    why: Grounds
    title: Title
    counts: Counts


class GapCount(Sent):
    """How many cameras' register does not tell something."""

    name: str
    title: Title
    cameras: int


class Report(Sent):
    """How the cameras of the area entered, or of one below it, comply."""

    norm: Title
    counts: Counts
    rules: list[RuleCounts]
    areas: list[AreaCounts]
    owners: list[OwnerCounts]
    years: list[YearCounts]
    gaps: list[GapCount]


class Deadline(Sent):
    """By when a camera has to comply (art. 6); null: there is no deadline, or nobody knows."""

    day: date | None
    why: Grounds
    title: Title


class JudgedCamera(Sent):
    """One camera of a list, with the names of the rules that it breaks or of which that cannot be told."""

    id: int
    code: str
    name: Title
    place: Place
    area_id: int | None
    owner: str | None
    owner_kind: str
    verdict: Verdict
    breaks: list[str]
    cannot_tell: list[str]
    deadline: Deadline


class JudgedCameras(Sent):
    """Cameras, those that break most first; `next` is what to ask for as `past` where there are more."""

    cameras: list[JudgedCamera]
    total: int
    next: int | None


class Mend(Sent):
    """What would mend it, and by how much in the unit of the fact that it changes; rounded so that it is enough."""

    what: str
    by: float | None
    title: Title


class Finding(Sent):
    """What comes of one rule for one camera; `at_most`: the fact is that or less."""

    rule: Rule
    verdict: Verdict
    value: float | None
    shown: Title | None
    source: Source
    source_title: Title
    at_most: bool
    preset: Title | None = Field(description="of one that turns, the preset that this comes of: not the same at all")
    because: Title | None = Field(description="why it cannot be told")
    mend: Mend | None


class Gap(Sent):
    """Something that the register does not tell of a camera."""

    name: str
    title: Title


class CameraCompliance(Sent):
    """One camera by every rule that is asked of it."""

    norm: Title
    camera: JudgedCamera
    area: Area | None
    contract: str | None
    installed_on: date | None
    modules: list[str]
    findings: list[Finding]
    gaps: list[Gap]
