"""Ground that is not flat, and a plain slow look over it."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_server.planning.viewsheds.relief import Relief
from geo_server.planning.viewsheds.seen import Seen
from layers.sight.sight import Sight, looking

Floats = NDArray[np.float64]


def relief(heights: Callable[[Floats, Floats], Floats] | Floats, step_m: float = 10.0, march_m: float = 1.0) -> Relief:
    """Return heights, told as an array or by east and north, on a square about the origin."""
    count = 31 if callable(heights) else len(heights)
    sides = (np.arange(count) - count // 2) * step_m
    told = heights(*np.meshgrid(sides, sides)) if callable(heights) else heights
    return Relief(origin=(sides[0], sides[0]), step_m=step_m, march_m=march_m, heights_m=np.asarray(told, np.float64))


def holds(seen: Seen, x: float, y: float) -> bool:
    """Say whether what is seen holds a place."""
    turned = (math.atan2(y, x) - seen.azimuth + math.pi) % (2 * math.pi) - math.pi
    ray = int(np.argmin(np.abs(turned)))
    parts, away = seen.parts[seen.ray == ray], math.hypot(x, y)
    return bool(abs(turned[ray]) <= seen.half[ray] + 1e-9 and ((parts[:, 0] <= away) & (away <= parts[:, 1])).any())


def clearance_m(
    ground: Relief, eye_m: float, above_m: float, spot: tuple[float, float], built: Sequence[tuple[BaseGeometry, float]]
) -> float:
    """Return by how much the sight from over the origin to what stands at a spot passes over all that is on the way."""
    away = math.hypot(*spot)
    here, there = ground.at(np.array([[0.0, 0.0], spot])).tolist()
    shares = np.linspace(0, 1, max(2, int(away / 0.05)))[1:-1]
    sights = here + eye_m + (there + above_m - here - eye_m) * shares
    over = sights - ground.at(shares[:, None] * np.array(spot))
    line = shapely.LineString([(0, 0), spot])
    walls = [(at, top) for outline, top in built for at in _crossings(outline, line)]
    met = [
        here + eye_m + (there + above_m - here - eye_m) * at / away - float(ground.at(line_at(line, at))[0]) - top
        for at, top in walls
    ]
    return min([*over.tolist(), *met], default=math.inf)


def line_at(line: shapely.LineString, at: float) -> Floats:
    return shapely.get_coordinates(shapely.line_interpolate_point(line, at))


def _crossings(outline: BaseGeometry, line: shapely.LineString) -> list[float]:
    met = shapely.get_coordinates(shapely.intersection(outline.boundary, line))
    return [float(math.hypot(*one)) for one in met]


def pixel(
    spot: tuple[float, float], over_eye_m: float, *, heading: float, tilt: float, roll: float, hfov: float
) -> tuple[float, float]:
    """Return where in a Full HD picture a place is, so much higher than the eye; far outside where it is behind it."""
    focal = 1920 / 2 / math.tan(math.radians(hfov) / 2)
    turn = looking(math.radians(heading), math.radians(tilt), math.radians(roll))
    camera = Sight(eye=np.zeros(3), turn=turn, focal_px=focal, size_px=(1920, 1080))
    u, v = camera.seen_at(np.array([[*spot, over_eye_m]]))[0].tolist()
    return (u, v) if math.isfinite(u) and math.isfinite(v) else (-1e6, -1e6)
