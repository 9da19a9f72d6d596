"""Greed: the candidate that adds most for its price, again and again; how far it may be from the best is reckoned.

What is seen by more cameras grows ever slower, so no choice passes what is seen by those taken so far plus what all the
others would add alone, as far as the money goes (Nemhauser, Wolsey, Fisher 1978; Khuller, Moss, Naor 1999 for prices).
"""

from typing import Any

import numba
import numpy as np

from geo_server.planning.placement.choices import Choices, Chosen, Floats, Ints


def for_budget(choices: Choices, budget: float) -> Chosen:
    """Choose for a budget in the unit of the prices; the better of greed and the best single candidate."""
    taken, adds, bound = _taken(choices, budget, np.inf)
    single = _best_single(choices, budget)
    if len(single) and choices.gained(single) > adds.sum():
        taken, adds = single, np.array([choices.gained(single)])
    return _chosen(choices, taken, adds, max(float(adds.sum()), bound))


def for_value(choices: Choices, value: float) -> Chosen:
    """Choose until so much is seen, by weight, or nothing more can be; no choice costs less than the bound."""
    taken, adds, _ = _taken(choices, np.inf, value)
    return _chosen(choices, taken, adds, _least_cost(choices, min(value, float(adds.sum()))))


def _chosen(choices: Choices, taken: Ints, adds: Floats, bound: float) -> Chosen:
    cost = float(choices.cost[taken].sum())
    return Chosen(candidates=taken, adds=adds, value=float(adds.sum()), cost=cost, bound=bound, how="greedy")


def _taken(choices: Choices, budget: float, value: float) -> tuple[Ints, Floats, float]:
    sees, back = choices.sees, choices.sees.T.tocsr()
    taken, adds, bound = _greedy(
        (sees.indptr.astype(np.int64), sees.indices.astype(np.int64)),
        (back.indptr.astype(np.int64), back.indices.astype(np.int64)),
        choices.weight, choices.cost, choices.group, budget, value,
    )  # fmt: skip
    return taken, adds, float(bound)


def _best_single(choices: Choices, budget: float) -> Ints:
    gains = np.where(choices.cost <= budget, choices.sees @ choices.weight, -1.0)
    return np.array([gains.argmax()], np.int64) if len(gains) and gains.max() > 0 else np.empty(0, np.int64)


def _least_cost(choices: Choices, value: float) -> float:
    """Return a cost below which nobody sees so much: as if no two candidates saw the same place."""
    gains = choices.sees @ choices.weight
    order = np.argsort(-gains / choices.cost)
    reached = np.cumsum(gains[order])
    whole = int(np.searchsorted(reached, value))
    if whole >= len(order):
        return float(choices.cost.sum())
    before = reached[whole - 1] if whole else 0.0
    share = (value - before) / gains[order[whole]] if gains[order[whole]] > 0 else 0.0
    return float(choices.cost[order[:whole]].sum() + share * choices.cost[order[whole]])


@numba.njit(cache=True, nogil=True)
def _greedy(sees: Any, back: Any, weight: Any, cost: Any, group: Any, budget: float, value: float) -> Any:
    """Return who was taken, what each added, and the least bound met on the way."""
    begins, members = sees
    back_begins, back_members = back
    count = len(cost)
    gains, seen, out = np.zeros(count), np.zeros(len(weight), np.bool_), np.zeros(count, np.bool_)
    for one in range(count):
        for at in range(begins[one], begins[one + 1]):
            gains[one] += weight[members[at]]
    taken, adds, spent, gained, bound = np.empty(count, np.int64), np.empty(count), 0.0, 0.0, np.inf
    number = 0
    while gained < value:
        if budget < np.inf:
            bound = min(bound, gained + _payable(gains, cost, budget))
        best, best_worth = -1, 0.0
        for one in range(count):
            if not out[one] and spent + cost[one] <= budget + 1e-9 and gains[one] / cost[one] > best_worth:
                best, best_worth = one, gains[one] / cost[one]
        if best < 0 or gains[best] <= 1e-12:
            break
        taken[number], adds[number] = best, gains[best]
        number, spent, gained = number + 1, spent + cost[best], gained + gains[best]
        for one in range(count):
            out[one] = out[one] or group[one] == group[best]
        for at in range(begins[best], begins[best + 1]):
            place = members[at]
            if not seen[place]:
                seen[place] = True
                for other in range(back_begins[place], back_begins[place + 1]):
                    gains[back_members[other]] -= weight[place]
    return taken[:number].copy(), adds[:number].copy(), bound


@numba.njit(cache=True, nogil=True)
def _payable(gains: Any, cost: Any, budget: float) -> float:
    """Return the most that candidates would add for a budget, each alone, the last one in part."""
    left, found = budget, 0.0
    for one in np.argsort(-gains / cost):
        if gains[one] <= 0.0:
            break
        part = min(1.0, left / cost[one])
        found, left = found + part * gains[one], left - part * cost[one]
        if left <= 0.0:
            break
    return found
