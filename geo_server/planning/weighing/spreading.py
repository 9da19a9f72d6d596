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
from scipy.sparse import csc_array, csr_array

from geo_server.planning.growing import roomier
from geo_server.planning.weighing.lixels import Lixels

BANDWIDTH_M = 200.0
LEAST = 1e-3  # a share of what happened that is no longer followed


def spread(lixels: Lixels, happened: NDArray[np.float64], bandwidth_m: float = BANDWIDTH_M) -> NDArray[np.float64]:
    """Return how much each piece counts to the metre, from how much happened at each (any weight, n)."""
    sources = np.flatnonzero(happened)
    found = reached(lixels, sources, bandwidth_m) @ happened[sources]
    return np.asarray(found / lixels.length_m, np.float64)


def reached(lixels: Lixels, sources: NDArray[np.int64], bandwidth_m: float = BANDWIDTH_M) -> csr_array:
    """Return how much of what happens at some pieces counts at each: pieces x sources, whatever it is that happens."""
    if not len(sources):
        return csr_array((len(lixels), 0))
    graph = lixels.ends, lixels.length_m, lixels.begins, lixels.members
    begins, pieces, shares = _reached(graph, np.ascontiguousarray(sources, np.int64), bandwidth_m)
    return csr_array(csc_array((shares, pieces, begins), shape=(len(lixels), len(sources))))


@numba.njit(cache=True, nogil=True)
def _reached(graph: Any, sources: Any, bandwidth_m: float) -> Any:
    """Return where each source's pieces begin, the pieces it counts at, and how much of it each has."""
    counted, touched = np.zeros(len(graph[1])), np.empty(len(graph[1]), np.int64)
    begins, pieces, shares, used = np.zeros(len(sources) + 1, np.int64), np.empty(1024, np.int64), np.empty(1024), 0
    for number, source in enumerate(sources):
        met = _spread(graph, source, bandwidth_m, counted, touched)
        pieces, shares = roomier(pieces, used + met), roomier(shares, used + met)
        for piece in touched[:met]:
            pieces[used], shares[used] = piece, counted[piece]
            counted[piece] = 0.0
            used += 1
        begins[number + 1] = used
    return begins, pieces[:used].copy(), shares[:used].copy()


@numba.njit(cache=True, nogil=True)
def _spread(graph: Any, source: int, bandwidth_m: float, counted: Any, touched: Any) -> int:
    """Add up how much of a source each piece has, and note which were touched; return how many."""
    ends, length_m, begins, members = graph
    pieces, joints, away, shares = (np.empty(4096, np.int64), np.empty(4096, np.int64), np.empty(4096), np.empty(4096))
    counted[source] += _share_m(0.0, length_m[source] / 2, bandwidth_m) * 2
    touched[0], met, waiting = source, 1, 0
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
            amount = share / onward * _share_m(at, there, bandwidth_m)
            if counted[other] == 0.0 and amount > 0.0:
                touched[met] = other
                met += 1
            counted[other] += amount
            if waiting < len(pieces):
                pieces[waiting] = other
                joints[waiting] = ends[other, 1] if ends[other, 0] == joint else ends[other, 0]
                away[waiting], shares[waiting] = there, share / onward
                waiting += 1
    return met


@numba.njit(cache=True, nogil=True, inline="always")
def _share_m(begin: float, end: float, bandwidth_m: float) -> float:
    """Return how much of an Epanechnikov kernel lies between two distances on one side of its middle."""
    low, high = min(begin / bandwidth_m, 1.0), min(end / bandwidth_m, 1.0)
    return 0.75 * ((high - math.pow(high, 3) / 3) - (low - math.pow(low, 3) / 3))
