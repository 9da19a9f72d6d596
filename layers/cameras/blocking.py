"""What stands between cameras and a place: the lines of sight against the walls of buildings, with their heights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.cameras.sight import AIM_UP_M, USUAL_HEIGHT_M, Watcher, metres_from
from layers.values import LonLat

Floats = NDArray[np.float64]
STOREY_M, UNKNOWN_M = (
    3.0,
    9.0,
)  # of a building that tells its levels alone, and of one that tells nothing: three of them
OWN_WALL_M = 1.0  # a camera hangs on a wall, and the map draws that a little off
GRAZED_M = 0.05  # a corner that is touched hides nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Building:
    """A building's outline, degrees WGS 84, with what is known of its height."""

    outline: Any
    height_m: float | None
    levels: float | None

    @property
    def top_m(self) -> float:
        """Return how high it reaches, as far as is known."""
        return self.height_m or (self.levels * STOREY_M if self.levels else UNKNOWN_M)


def blocked(place: LonLat, watchers: Sequence[Watcher], buildings: Sequence[Building]) -> dict[int, float]:
    """Return, by the camera's id, how many metres its sight of a place goes until a building ends it.

    The house that the place is in hides nothing: what can be seen of it is its outside.
    """
    if not (watchers and buildings):
        return {}
    outlines = _metres(place, np.array([one.outline for one in buildings], dtype=object))
    hides = ~shapely.intersects_xy(outlines, 0.0, 0.0)
    tops, cameras = np.array([one.top_m for one in buildings]), _stands(place, watchers)
    pairs = shapely.STRtree(outlines).query(_lines(cameras[:, :2], np.zeros((len(cameras), 2))), predicate="intersects")
    who, what = pairs[:, hides[pairs[1]]]
    return _first(watchers, cameras, who, _cut(cameras[who], tops[what], outlines[what]))


def sight_lines(place: LonLat, watchers: Sequence[Watcher]) -> Any:
    """Return the lines from cameras to a place, degrees WGS 84, as one geometry."""
    to = (place.lon, place.lat)
    return shapely.multilinestrings([shapely.linestrings([(one.place.lon, one.place.lat), to]) for one in watchers])


def _metres(place: LonLat, outlines: NDArray[np.object_]) -> NDArray[np.object_]:
    scale = np.array(metres_from(place, LonLat(lon=place.lon + 1, lat=place.lat + 1)))
    found: NDArray[np.object_] = shapely.transform(outlines, lambda xy: (xy - (place.lon, place.lat)) * scale)
    return found


def _stands(place: LonLat, watchers: Sequence[Watcher]) -> Floats:
    """Return where the cameras are: metres east, north and up, a row each."""
    return np.array([(*metres_from(place, one.place), one.height_m or USUAL_HEIGHT_M) for one in watchers])


def _lines(begin: Floats, end: Floats) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([begin, end], axis=1)), dtype=object)


def _cut(cameras: Floats, tops: Floats, outlines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return what lies within each outline of the part of each line that runs below its top."""
    far = np.maximum(np.linalg.norm(cameras[:, :2], axis=1), 1e-6)
    fall = cameras[:, 2] - AIM_UP_M
    level = np.where(np.abs(fall) < 1e-9, 1e-9, fall)
    under = (cameras[:, 2] - tops) / level  # the share of the way at which the line is as high as the top
    begin = np.where(level > 0, np.maximum(under, OWN_WALL_M / far), OWN_WALL_M / far).clip(0, 1)
    end = np.where(level > 0, 1.0, np.minimum(under, 1.0)).clip(0, 1)
    ends = [cameras[:, :2] * (1 - np.maximum(share, begin))[:, None] for share in (begin, end)]
    within: NDArray[np.object_] = shapely.intersection(_lines(*ends), outlines)
    return within


def _first(
    watchers: Sequence[Watcher], cameras: Floats, who: NDArray[np.intp], within: NDArray[np.object_]
) -> dict[int, float]:
    hidden: dict[int, float] = {}
    for n, part in zip(who, within, strict=True):
        if shapely.length(part) > GRAZED_M:
            east, north = (shapely.get_coordinates(part) - cameras[n, :2]).T
            away = float(np.hypot(east, north).min())
            hidden[watchers[n].id] = min(hidden.get(watchers[n].id, np.inf), away)
    return hidden
