"""What the shell tells of how a camera sees, its pose, lens and ground: read from words, tried before it is kept."""

import math
from typing import Any

from layers.cameras import calibration_queries as calibrations
from layers.cameras.optics import calibration_of
from layers.database import Session
from layers.sight.locator import GeolocateError

FOUND = "found"  # what control points are to find
LENS_WORDS = "A lens is k1,k2,p1,p2,k3 as OpenCV counts them, fewer are followed by noughts; or `found`."
GROUND_WORDS = "A ground is its grades EAST,NORTH in metres up a metre, `0,0` where it is flat; or `found`."


def lens_of(said: str) -> list[float] | None:
    """Return a lens out of words, None for one that is to be found; GeolocateError where it is none."""
    if said == FOUND:
        return None
    numbers = _numbers(said)
    if numbers is None or len(numbers) > 5:
        raise GeolocateError("lens", LENS_WORDS)
    return [*numbers, *(0.0,) * (5 - len(numbers))]


def ground_of(said: str) -> dict[str, float] | None:
    """Return a ground out of words, None for one that is to be found; GeolocateError where it is none."""
    if said == FOUND:
        return None
    numbers = _numbers(said)
    if numbers is None or len(numbers) != 2:
        raise GeolocateError("ground", GROUND_WORDS)
    return {"east_grade": numbers[0], "north_grade": numbers[1]}


def columns_of(pose: dict[str, float | None], lens: str | None, ground: str | None) -> dict[str, Any]:
    """Return the columns that are told of; raises GeolocateError."""
    told: dict[str, Any] = {name: value for name, value in pose.items() if value is not None}
    told |= {} if lens is None else {"distortion": lens_of(lens)}
    told |= {} if ground is None else {"ground": ground_of(ground)}
    return told | ({"hfov_found": False} if "hfov_deg" in told else {})


async def tried(session: Session, code: str) -> None:
    """Try how a camera places by what its row says now; GeolocateError says why it cannot."""
    camera = await calibrations.named(session, code)
    if camera is not None:
        calibration_of(camera.calibrated.optics)


def _numbers(said: str) -> list[float] | None:
    try:
        numbers = [float(one) for one in said.split(",")]
    except ValueError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None
