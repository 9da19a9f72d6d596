"""Where a caller is, and which of two places told is the one to go by; pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from layers.values import LonLat

SAME_MOMENT = timedelta(seconds=60)  # within it a caller has hardly moved: the smaller circle is the better place
_USUAL_PCT = 67.0  # of a handset that does not say (ETSI TS 103 625: level of confidence)


class PlacedBy(StrEnum):
    """What says where a caller is."""

    AML = "aml"
    PIDF_LO = "pidf_lo"
    EXCHANGE = "exchange"
    ADDRESS = "address"
    COMMON_NAME = "common_name"
    CLICK = "click"
    NONE = "none"


BY_PERSON = frozenset({PlacedBy.ADDRESS, PlacedBy.COMMON_NAME, PlacedBy.CLICK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A place told: the caller is within `radius_m` metres of it by `confidence_pct` percent; `at` is when (UTC)."""

    place: LonLat
    by: PlacedBy
    at: datetime
    radius_m: float | None = None
    confidence_pct: float | None = None


def better(present: Located | None, told: Located) -> bool:
    """Say whether a place that a machine told is to replace the one that stands; a person's is never replaced by it."""
    if present is None:
        return True
    if present.by in BY_PERSON:
        return False
    if abs(told.at - present.at) > SAME_MOMENT:
        return told.at > present.at
    return (reach_m(told), present.at) < (reach_m(present), told.at)


def reach_m(located: Located) -> float:
    """Return the radius in metres that holds the caller by 95 % (RFC 7459: a normal error); unknown is infinite."""
    if located.radius_m is None:
        return math.inf
    sure = min(max((located.confidence_pct or _USUAL_PCT) / 100, 0.01), 0.999)
    return located.radius_m * math.sqrt(math.log(0.05) / math.log(1 - sure))
