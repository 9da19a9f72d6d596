"""Cameras that fly: what they see is placed by where they were at the frame, and their row follows them."""

import math
from collections.abc import Callable, Mapping
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.leases import Leases, writable
from ingest.values import Frame, FramePose, Placed, Point
from layers.cameras import queries
from layers.changes import ring
from layers.database import visit
from layers.sight.locator import GeolocateError, Pose, from_pose, nowhere
from layers.values import LonLat

# One sigma of east, north and height in metres; heading, tilt, roll and field of view in degrees: a drone's receiver,
# barometer and gimbal are coarser than a mast that was surveyed.
NOISE = (3.0, 3.0, 3.0, 2.0, 1.0, 1.0, 2.0)
MOVE_S = 1.0  # a row moves no oftener
MOVE_M = 1.0  # and no less far
METRES_A_DEGREE = 111_320.0


def placing(frame: Frame, where: Callable[[Point], Placed]) -> Callable[[Point], Placed]:
    """Return how a pixel of this frame finds its place: by the frame's own pose, where it has one, else by `where`."""
    if frame.pose is None:
        return where
    place, pose = frame.pose.place, _whole(frame.pose)
    if pose is None:
        return lambda _: nowhere(place)
    try:
        return from_pose(place, pose, frame.picture.size_px, NOISE).place
    except GeolocateError:  # it looks above the horizon, or stands on the ground
        return lambda _: nowhere(place)


def _whole(told: FramePose) -> Pose | None:
    if told.height_m is None or told.heading_deg is None or told.tilt_deg is None or told.hfov_deg is None:
        return None
    return Pose(
        height_m=told.height_m,
        heading_deg=told.heading_deg,
        tilt_deg=told.tilt_deg,
        hfov_deg=told.hfov_deg,
        roll_deg=told.roll_deg,
    )


class Flights:
    """Where the rows of cameras that fly were last moved to."""

    def __init__(self, move_s: float = MOVE_S, leases: Leases | None = None) -> None:
        """Begin knowing none; `move_s` is how often rows move at most, `leases` what is held where machines share."""
        self._move_s, self._leases = move_s, leases
        self._moved_s = float("-inf")
        self._places: dict[int, LonLat] = {}

    async def follow(self, engine: AsyncEngine, places: Mapping[int, LonLat | None]) -> None:
        """Move the rows of cameras that have flown on, and ring for them; one that no longer runs here is forgotten."""
        self._places = {camera_id: place for camera_id, place in self._places.items() if camera_id in places}
        moved = self._moved(places)
        if not moved:
            return
        async with visit(engine) as session:
            held = await writable(session, self._leases, moved)
            moved = {camera_id: place for camera_id, place in moved.items() if camera_id in held}
            rung = await queries.move(session, moved)
            await ring(session, {"cameras": rung})
        self._places |= moved
        self._moved_s = monotonic()

    def _moved(self, places: Mapping[int, LonLat | None]) -> dict[int, LonLat]:
        if monotonic() - self._moved_s < self._move_s:
            return {}
        flown = {camera_id: place for camera_id, place in places.items() if place is not None}
        return {one: place for one, place in flown.items() if _away_m(self._places.get(one), place) >= MOVE_M}


def _away_m(before: LonLat | None, place: LonLat) -> float:
    if before is None:
        return math.inf
    east = (place.lon - before.lon) * math.cos(math.radians(place.lat))
    return METRES_A_DEGREE * math.hypot(east, place.lat - before.lat)
