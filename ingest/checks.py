"""What a fix or an event must be to be taken: pure checks, many at once, each failure with its code."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from layers.tracks.fixes import FIX

AHEAD_S = 60.0  # a device's clock may run fast by so much
OLDEST_S = 30 * 86_400.0  # what is older is no report of where a unit is; it would also open partitions without end
TOP_KMH = 1000.0
UNKNOWN_UNIT = -1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: float | str) -> float:
    """Return seconds since 1970 UTC of a number of seconds or of ISO 8601 text; NaN where it cannot be read.

    A text without a zone is UTC.
    """
    try:
        if not isinstance(value, str):
            return float(value)
        at = datetime.fromisoformat(value)
    except (ValueError, OverflowError):  # the latter of a whole number with more digits than a float has
        return math.nan
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH).total_seconds()


def out_of_time(at_s: float, now_s: float) -> str | None:
    """Return the code of what is wrong with a time, seconds since 1970 UTC, None where it is good."""
    if not math.isfinite(at_s):
        return "bad_time"
    if at_s > now_s + AHEAD_S:
        return "from_the_future"
    return "too_old" if at_s < now_s - OLDEST_S else None


def off_the_globe(lon: float, lat: float) -> str | None:
    """Return the code of what is wrong with a place, degrees WGS 84, None where it is good."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return "not_finite"
    return None if abs(lon) <= 180 and abs(lat) <= 90 else "off_the_globe"


def checked(
    unit_ids: Sequence[int], told: NDArray[np.float64], now_s: float
) -> tuple[NDArray[np.void], list[tuple[int, str]]]:
    """Return the good fixes (`FIX`, without area) and, by index, the code of what is wrong with each other one.

    `told` has a row a fix: seconds since 1970 UTC, longitude, latitude, km/h, degrees clockwise from north.
    """
    units = np.asarray(unit_ids, np.int64)
    with np.errstate(invalid="ignore"):  # NaN compares false everywhere, which is what is wanted
        codes = _codes(units, *told.T, now_s=now_s)
    wrong = np.flatnonzero(codes != "")
    return _packed(units, told, codes == "", now_s), [(int(i), str(codes[i])) for i in wrong]


def _codes(
    units: NDArray[np.int64],
    at: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    speed: NDArray[np.float64],
    heading: NDArray[np.float64],
    *,
    now_s: float,
) -> NDArray[np.str_]:
    wrong = {
        "bad_time": ~np.isfinite(at),
        "not_finite": ~(np.isfinite(lon) & np.isfinite(lat) & np.isfinite(speed) & np.isfinite(heading)),
        "off_the_globe": ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)),
        "bad_speed": ~((speed >= 0) & (speed <= TOP_KMH)),
        "bad_heading": ~((heading >= 0) & (heading <= 360)),
        "from_the_future": at > now_s + AHEAD_S,
        "too_old": at < now_s - OLDEST_S,
        "unknown_device": units == UNKNOWN_UNIT,
    }
    return np.select(list(wrong.values()), list(wrong), default="")


def _packed(
    units: NDArray[np.int64], told: NDArray[np.float64], good: NDArray[np.bool_], now_s: float
) -> NDArray[np.void]:
    fixes = np.zeros(int(good.sum()), FIX)
    at, lon, lat, speed, heading = told[good].T
    fixes["unit_id"], fixes["received_at"] = units[good], round(now_s * 1e6)
    fixes["at"] = np.rint(at * 1e6)
    fixes["lon"], fixes["lat"], fixes["speed_kmh"], fixes["heading_deg"] = lon, lat, speed, heading % 360
    return fixes
