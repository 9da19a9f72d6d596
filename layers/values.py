"""The small frozen values that every room hands on."""

from dataclasses import dataclass
from datetime import timedelta, timezone
from enum import IntEnum, StrEnum

KAZAKHSTAN = timezone(timedelta(hours=5))  # one zone for the whole country since March 2024


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """One thing's name in the three languages of the house."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LonLat:
    """A place on the ground, degrees WGS 84 (EPSG:4326)."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """A 95 % error ellipse on the ground: semi-axes in metres, the major one's bearing clockwise from north."""

    major_m: float
    minor_m: float
    bearing_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BBox:
    """West, south, east, north in degrees WGS 84; west > east crosses the antimeridian (OGC API – Features 7.15.3)."""

    west: float
    south: float
    east: float
    north: float


class Level(IntEnum):
    """The four levels of the tree (MIA 897 §6.5), the Republic on top."""

    REPUBLIC = 1
    OBLAST = 2
    CITY = 3
    DISTRICT = 4


class Role(StrEnum):
    """What an account does; where it does it is its area."""

    DISPATCHER = "dispatcher"
    COMMANDER = "commander"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"
    CREW = "crew"  # of one unit, which is all that it sees


class Service(StrEnum):
    """Who drives out: 102, 103, 101, 112 and 104."""

    POLICE = "police"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    RESCUE = "rescue"
    GAS = "gas"
