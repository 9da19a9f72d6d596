"""From what a drone tells (MISB ST 0601) to where its camera was and how it looked; pure.

The sensor hangs on the platform: its azimuth, elevation and roll turn within the platform's heading, pitch and roll.
Axes are ahead, right, down; on the ground north, east, down. Where the angles are not all told, the frame's centre is
looked at.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ingest.sources import klv
from ingest.values import FramePose
from layers.values import LonLat

Turn = NDArray[np.float64]
METRES_A_DEGREE = 111_320.0
NEARLY_DOWN = math.radians(89.5)  # so steep that only the top of the picture says where north is


def pose_of(told: Mapping[int, float]) -> FramePose | None:
    """Return the pose a packet tells; None where it tells no place."""
    lon, lat = told.get(klv.LON), told.get(klv.LAT)
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) < 85):
        return None
    altitude_m, ground_m = told.get(klv.ALTITUDE), told.get(klv.CENTRE_ELEVATION)
    height_m = altitude_m - ground_m if altitude_m is not None and ground_m is not None else None
    heading_deg, tilt_deg, roll_deg = _by_angles(told) or _by_centre(told, lon, lat, height_m)
    return FramePose(
        place=LonLat(lon=lon, lat=lat),
        height_m=height_m,
        heading_deg=heading_deg,
        tilt_deg=tilt_deg,
        hfov_deg=told.get(klv.HFOV),
        roll_deg=roll_deg,
    )


def _by_angles(told: Mapping[int, float]) -> tuple[float, float, float] | None:
    if not {klv.HEADING, klv.AZIMUTH, klv.ELEVATION} <= told.keys():
        return None
    pitch = told.get(klv.FULL_PITCH, told.get(klv.PITCH, 0.0))
    roll = told.get(klv.FULL_ROLL, told.get(klv.ROLL, 0.0))
    platform = _turn(told[klv.HEADING], pitch, roll)
    sensor = _turn(told[klv.AZIMUTH], told[klv.ELEVATION], told.get(klv.SENSOR_ROLL, 0.0))
    return _looks(platform @ sensor)


def _turn(heading_deg: float, pitch_deg: float, roll_deg: float) -> Turn:
    """Return the rotation by heading about down, then pitch about right, then roll about ahead."""
    heading, pitch, roll = map(math.radians, (heading_deg, pitch_deg, roll_deg))
    (sh, ch), (sp, cp), (sr, cr) = ((math.sin(angle), math.cos(angle)) for angle in (heading, pitch, roll))
    about_down = np.array([[ch, -sh, 0], [sh, ch, 0], [0, 0, 1]])
    about_right = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    about_ahead = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    turned: Turn = about_down @ about_right @ about_ahead
    return turned


def _looks(turn: Turn) -> tuple[float, float, float]:
    """Return heading, tilt below the horizon and roll, degrees, of a camera that is turned so."""
    ahead, right = turn[:, 0], turn[:, 1]
    tilt = math.asin(min(1.0, max(-1.0, ahead[2])))
    north, east = (ahead if abs(tilt) < NEARLY_DOWN else -turn[:, 2] * math.copysign(1, tilt))[:2]
    heading = math.atan2(east, north)
    level = np.array([-math.sin(heading), math.cos(heading), 0.0])
    roll = math.atan2(right @ np.cross(ahead, level), right @ level)
    return math.degrees(heading) % 360, math.degrees(tilt), math.degrees(roll)


def _by_centre(
    told: Mapping[int, float], lon: float, lat: float, height_m: float | None
) -> tuple[float | None, float | None, float]:
    """Return heading and tilt to the frame's centre, level; None where it is not told."""
    centre_lon, centre_lat = told.get(klv.CENTRE_LON), told.get(klv.CENTRE_LAT)
    if centre_lon is None or centre_lat is None or height_m is None:
        return None, None, 0.0
    east_m = (centre_lon - lon) * METRES_A_DEGREE * math.cos(math.radians(lat))
    north_m = (centre_lat - lat) * METRES_A_DEGREE
    tilt = math.atan2(height_m, math.hypot(east_m, north_m))
    return math.degrees(math.atan2(east_m, north_m)) % 360, math.degrees(tilt), 0.0
