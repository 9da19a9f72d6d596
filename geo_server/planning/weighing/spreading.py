"""Kernel density along streets: what happened at a piece of street counts at those that are near by road.

At a joint it divides evenly among the streets that go on, so a square does not count for more than what happened there
(the equal-split kernel of Okabe and Sugihara, Spatial Analysis along Networks, 2012, ch. 9), and never jumps across a
block.
"""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.weighing.lixels import Lixels

BANDWIDTH_M = 200.0
LEAST = 1e-3  # a share of what happened that is no longer followed


def spread(lixels: Lixels, happened: NDArray[np.float64], bandwidth_m: float = BANDWIDTH_M) -> NDArray[np.float64]:
    """Return how much each piece counts to the metre, from how much happened at each (any weight, n)."""
    found = np.zeros(len(lixels))
    if len(lixels):
        graph = lixels.ends, lixels.length_m, lixels.begins, lixels.members
        _spread(graph, np.ascontiguousarray(happened, np.float64), bandwidth_m, found)
    return found


@numba.njit(cache=True, nogil=True)
def _spread(graph: Any, happened: Any, bandwidth_m: float, found: Any) -> None:
    ends, length_m, begins, members = graph
    pieces, joints, away, shares = (np.empty(4096, np.int64), np.empty(4096, np.int64), np.empty(4096), np.empty(4096))
    for source in np.flatnonzero(happened):
        found[source] += happened[source] * _share_m(0.0, length_m[source] / 2, bandwidth_m) * 2 / length_m[source]
        waiting = 0
        for end in range(2):
            pieces[waiting], joints[waiting] = source, ends[source, end]
            away[waiting], shares[waiting] = length_m[source] / 2, 1.0
            waiting += 1
        while waiting:
            waiting -= 1
            piece, joint, at, share = pieces[waiting], joints[waiting], away[waiting], shares[waiting]
            onward = begins[joint + 1] - begins[joint] - 1
            if at >= bandwidth_m or onward < 1 or share / onward < LEAST:
                continue
            for other in members[begins[joint] : begins[joint + 1]]:
                if other == piece:
                    continue
                there = at + length_m[other]
                found[other] += happened[source] * share / onward * _share_m(at, there, bandwidth_m) / length_m[other]
                if waiting < len(pieces):
                    pieces[waiting] = other
                    joints[waiting] = ends[other, 1] if ends[other, 0] == joint else ends[other, 0]
                    away[waiting], shares[waiting] = there, share / onward
                    waiting += 1


@numba.njit(cache=True, nogil=True, inline="always")
def _share_m(begin: float, end: float, bandwidth_m: float) -> float:
    """Return how much of an Epanechnikov kernel lies between two distances on one side of its middle."""
    low, high = min(begin / bandwidth_m, 1.0), min(end / bandwidth_m, 1.0)
    return 0.75 * ((high - math.pow(high, 3) / 3) - (low - math.pow(low, 3) / 3))
