"""Trying ways to hang a camera: what each would see of the ground that counts, and which are worth choosing from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from geo_server.planning.placement.looking import cells_seen, into_zones, seen_from
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.scene import Scene
from geo_server.planning.placement.spots import Spot
from geo_server.planning.placement.ways import Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Tell = Callable[[int, int], None]  # done of total steps; raises to call it off
MOST_VIEWS, AT_A_TIME = 240_000, 4_000
MOST_CHOICES = 40_000
HEADS = 3  # ways to look from a spot, about
NEAR_M = 40.0  # around a spot, where too many of them are weighed against each other
LEAST = 1e-9  # of weight that counts as something


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sights:
    """Ways of which some may be chosen, where each hangs, n x 2 metres, and the cells that each sees."""

    ways: Ways
    places: Floats
    cells: list[Ints]


def worth_trying(scene: Scene, found: Sequence[Spot]) -> list[Spot]:
    """Return the spots with something to see around; of too many those with most of it."""
    cells, kinds = scene.setting.cells, scene.setting.question.kinds
    left = scene.left().reshape(cells.shape)
    around = ndimage.uniform_filter(left, size=2 * int(NEAR_M / cells.cell_m) + 1, mode="constant")
    at = cells.at(_places(found))
    near = np.where(at >= 0, around.ravel()[at], 0.0)
    views = HEADS * sum(len(one.lenses_deg) * len(one.heights_m) * one.presets for one in kinds)
    order = np.argsort(-near, kind="stable")[: max(1, MOST_VIEWS // views)]
    return [found[n] for n in np.sort(order[near[order] > LEAST]).tolist()]


def sights(scene: Scene, tried: Sequence[Spot], every: Ways, tell: Tell) -> Sights:
    """Return the ways that see something and look into no forbidden zone; of each spot those that add most."""
    places, left, most = _places(tried), scene.left(), max(2, MOST_CHOICES // max(1, len(tried)))
    kept, cells, batches = [], list[Ints](), list(_batches(scene.setting.question, every))
    for number, batch in enumerate(batches):
        tell(number, len(batches) + 1)
        found = _allowed(scene, places[every.spot[batch]], every[batch], left > LEAST)
        gains = np.array([left[own].sum() for own in found])
        for which in _best(every[batch], gains, most):
            kept.append(batch[which])
            cells.append(found[which])
    tell(len(batches), len(batches) + 1)
    ways = every[np.array(kept, np.int64)]
    return Sights(ways=ways, places=places[ways.spot], cells=cells)


def _places(spots: Sequence[Spot]) -> Floats:
    return np.array([(one.east_m, one.north_m) for one in spots], np.float64).reshape(-1, 2)


def _batches(question: Question, every: Ways) -> Iterator[Ints]:
    """Yield ways in parts of some thousand views, the ways of a spot together."""
    presets = np.array([one.presets for one in question.kinds], np.int64)[every.kind]
    order = np.argsort(every.spot, kind="stable")
    ends = np.flatnonzero(np.diff(every.spot[order], append=-1)) + 1
    views, begin = np.concatenate([[0], np.cumsum(presets[order])]), 0
    for end in ends.tolist():
        if end == len(order) or views[end] - views[begin] >= AT_A_TIME:
            yield order[begin:end]
            begin = end


def _allowed(scene: Scene, places: Floats, some: Ways, counts: Flags) -> list[Ints]:
    """Return the cells that each way sees and that count; none of one that looks where nobody may."""
    setting = scene.setting
    seen, of = seen_from(setting, places, some)
    found, refused = cells_seen(setting, seen, of, counts, len(some)), np.zeros(len(some), np.bool_)
    strict = {one.id for one in setting.zones.zones if one.rule == "refuse"}
    for zone, into in into_zones(setting, seen, of, len(some)).items():
        if zone in strict:
            refused |= into
    return [own[:0] if bad else own for own, bad in zip(found, refused.tolist(), strict=True)]


def _best(some: Ways, gains: Floats, most: int) -> list[int]:
    """Return of each spot's ways those that see most, and most for their price; none that sees nothing."""
    kept: set[int] = set()
    for worth in (gains, gains / np.maximum(some.price, 1e-9)):
        order = np.lexsort((-worth, some.spot))
        rank = np.arange(len(order)) - np.searchsorted(some.spot[order], some.spot[order])
        kept.update(order[(rank < (most + 1) // 2) & (gains[order] > LEAST)].tolist())
    return sorted(kept)
