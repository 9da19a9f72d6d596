"""What the functions that look at vehicles are measured on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.measuring.cases import CAR_PX, ROAD, bikes, both, vtest
from ingest.measuring.clip import Case, Clip, Truth
from ingest.measuring.plan import SIZE_PX, Actor, Plot, Pose, goes
from ingest.values import Point
from layers.sight.ground import to_metres
from layers.sight.locator import Pose as CameraPose
from layers.sight.locator import from_pose
from layers.values import LonLat

EAST = [[100, 300], [600, 300]]  # the right way of the lane
ROAD_WIDE = [[0, 150], [630, 150], [630, 576], [0, 576]]
PARKED = [[630, 60], [767, 60], [767, 110], [630, 110]]  # where two vehicles stand all through vtest.avi
LIMIT_KMH = 60.0
FOCAL_PX = 1433.0
# A camera on an 8 m mast that looks along a road, 110 to 27 m, surveyed to some centimetres and tenths of a degree.
PLACING = from_pose(
    LonLat(lon=76.94, lat=43.24),
    CameraPose(height_m=8, heading_deg=0, tilt_deg=12, hfov_deg=30),
    SIZE_PX,
    noise=(0.1, 0.1, 0.05, 0.1, 0.1, 0.1, 0.2),
)


def _car(actor: Actor) -> Actor:
    return Actor(poses=actor.poses, label="car")


def vehicle_stopped(fetched: Path) -> Sequence[Case]:
    """Ten stop, ten creep through; of the clip, the vehicles that stand in it and a road where none stands."""
    plots = [_stops(n) for n in range(10)] + [_creeps(n) for n in range(10)]
    cases = both(
        plots, {"zone": [[0, 0], [640, 0], [640, 576], [0, 576]], "dwell_s": 15}, fetched, drawn_ones=(1, 5, 12)
    )
    stand = vtest(fetched, {"zone": PARKED, "cooldown_s": 600}, Truth(since_s=0, until_s=80), on="vtest.avi, parked")
    return [*cases, stand, vtest(fetched, {"zone": ROAD}), bikes(fetched, {"zone": [[0, 0], [639, 0], [639, 271]]})]


def _stops(number: int) -> Plot:
    x, y = 220.0 + 30 * number, 260.0 + 25 * number
    poses = [(0.0, x - 160), (4.0, x), (26.0, x), (29.0, x + 200)]
    actor = Actor(poses=tuple(Pose(at_s=at, foot=(foot, y), size=CAR_PX) for at, foot in poses), label="car")
    return Plot(actors=(actor,), seconds=30, truths=(Truth(since_s=4, until_s=27),))


def _creeps(number: int) -> Plot:
    y = 260.0 + 25 * number
    return Plot(actors=(_car(goes((80, y), (560, y), speed=18 + 3 * number, size=CAR_PX)),), seconds=26)


def wrong_way(fetched: Path) -> Sequence[Case]:
    """Ten drive against the lane, ten with it or across it."""
    plots = [_drives(n, against=True) for n in range(10)] + [_drives(n, against=False) for n in range(10)]
    cases = both(plots, {"way": EAST, "zone": ROAD_WIDE}, fetched, drawn_ones=(1, 5, 12))
    return [*cases, vtest(fetched, {"way": EAST}), bikes(fetched, {"way": EAST})]


def _drives(number: int, *, against: bool) -> Plot:
    y, speed = 260.0 + 25 * number, 60.0 + 15 * number
    ends: tuple[Point, Point] = ((560.0, y), (100.0, y)) if against else ((100.0, y), (560.0, y - 20 * number))
    seconds = 2 + 500 / speed
    truths = (Truth(since_s=2, until_s=seconds),) if against else ()
    return Plot(actors=(_car(goes(*ends, since_s=2, speed=speed, size=CAR_PX)),), seconds=seconds + 1, truths=truths)


def congestion(fetched: Path) -> Sequence[Case]:
    """Five queues of eight in the picture, and more behind it, that creep, five that flow, five of four that stand."""
    plots = [_queue(8, 6.0 + n, n, behind=5) for n in range(5)] + [_queue(8, 90.0, n, behind=20) for n in range(5)]
    plots += [_queue(4, 5.0, n) for n in range(5)]
    cases = both(plots, {"zone": ROAD_WIDE}, fetched, drawn_ones=(1, 3, 6))
    return [*cases, vtest(fetched, {}), bikes(fetched, {})]


def _queue(count: int, speed: float, number: int, *, behind: int = 0) -> Plot:
    """Drive in rows of four from left to right; `behind` more of each row follow from beyond the picture."""
    rows = [290.0 + 12 * number + 110 * row for row in range(count // 4)]
    places = [(55.0 + 120 * column, y) for y in rows for column in range(-behind, 4)]
    slow = speed < 20
    follow = [goes(foot, (foot[0] + speed * 45, foot[1]), speed=speed, size=CAR_PX) for foot in places]
    truths = (Truth(since_s=2, until_s=45),) if slow and count >= 6 else ()
    return Plot(actors=tuple(map(_car, follow)), seconds=42, truths=truths)


def speed(fetched: Path) -> Sequence[Case]:
    """Ten drive at 80 to 125 km/h, ten at 30 to 57, over ground that a surveyed camera knows."""
    plots = [_over_ground(80.0 + 5 * n, n) for n in range(10)] + [_over_ground(30.0 + 3 * n, n) for n in range(10)]
    cases = both(plots, {"limit_kmh": LIMIT_KMH, "cooldown_s": 0}, fetched, drawn_ones=(0, 3, 12))
    return [*cases, Case(clip=_placed(vtest(fetched, {}).clip))]


def _placed(clip: Clip) -> Clip:
    return Clip(on=clip.on, key=clip.key, shots=clip.shots, size_px=SIZE_PX, place=PLACING.place)


def _over_ground(kmh: float, number: int) -> Plot:
    """Drive towards the camera, evenly over the ground: in the picture ever faster and larger."""
    feet = [(330.0 + 6 * number + 0.1 * step, 95.0 + 2 * step) for step in range(155)]
    spots = np.array([to_metres(PLACING.origin, PLACING.place(foot).place) for foot in feet])
    passed_m = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(spots, axis=0), axis=1))])
    away_m = np.hypot(np.linalg.norm(spots, axis=1), 8.0)
    sizes = [(2.0 * FOCAL_PX / away, 1.6 * FOCAL_PX / away) for away in away_m.tolist()]  # of a car's front, metres
    times = (passed_m / (kmh / 3.6)).tolist()
    poses = tuple(Pose(at_s=at, foot=foot, size=size) for at, foot, size in zip(times, feet, sizes, strict=True))
    truths = (Truth(since_s=0, until_s=times[-1] + 1),) if kmh > LIMIT_KMH else ()
    actor = Actor(poses=poses, label="car")
    return Plot(actors=(actor,), seconds=times[-1] + 2, truths=truths, place=PLACING.place, fps=10)
