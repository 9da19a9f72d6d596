"""The best choice, by HiGHS: maximum coverage for a budget (Church, ReVelle 1974), or least cost for a wanted value."""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from geo_server.planning.placement.choices import Choices, Chosen, Floats, How, Ints

CLOSE = 1e-6  # of the bound: nearer than this nothing is better


def for_budget(choices: Choices, budget: float, *, seconds: float, gap: float = 0.0) -> Chosen | None:
    """Return the choice that sees most for a budget, with the bound HiGHS has proven; None where it found none in time.

    `gap` is how far from the bound, as a share of it, is near enough.
    """
    count, places = choices.sees.shape
    found = _solved(
        choices, np.concatenate([np.zeros(count), -choices.weight]), _row(choices.cost, places, budget), seconds, gap
    )
    return None if found.x is None else _chosen(choices, found, -float(found.mip_dual_bound), most=True)


def for_value(choices: Choices, value: float, *, seconds: float, gap: float = 0.0) -> Chosen | None:
    """Return the cheapest choice that sees so much by weight; None where there is none, or none was found in time."""
    count, places = choices.sees.shape
    wanted = LinearConstraint(sparse.csr_array(np.concatenate([np.zeros(count), choices.weight])[None]), lb=value)
    found = _solved(choices, np.concatenate([choices.cost, np.zeros(places)]), wanted, seconds, gap)
    return None if found.x is None else _chosen(choices, found, float(found.mip_dual_bound), most=False)


def _row(cost: Floats, places: int, budget: float) -> LinearConstraint:
    return LinearConstraint(sparse.csr_array(np.concatenate([cost, np.zeros(places)])[None]), ub=budget)


def _solved(choices: Choices, aim: Floats, limit: LinearConstraint, seconds: float, gap: float) -> OptimizeResult:
    """Minimise over who is chosen (0 or 1) and which places are seen (0 to 1), no more than by those chosen."""
    count, places = choices.sees.shape
    seen = LinearConstraint(sparse.hstack([-choices.sees.T, sparse.eye_array(places)], format="csr"), ub=0)
    whole = np.concatenate([np.ones(count), np.zeros(places)])
    return milp(
        aim,
        integrality=whole,
        bounds=Bounds(0, 1),
        constraints=[limit, seen, _one_of_each_group(choices)],
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )


def _one_of_each_group(choices: Choices) -> LinearConstraint:
    count, places = choices.sees.shape
    groups, number = np.unique(choices.group, return_inverse=True)
    of = sparse.csr_array((np.ones(count), (number, np.arange(count))), shape=(len(groups), count + places))
    return LinearConstraint(of, ub=1)


def _chosen(choices: Choices, found: OptimizeResult, bound: float, *, most: bool) -> Chosen:
    taken, adds = _in_order(choices, np.flatnonzero(found.x[: len(choices)] > 0.5))
    value, cost = float(sum(adds)), float(choices.cost[taken].sum())
    reached = value if most else cost
    how: How = "optimal" if abs(bound - reached) <= CLOSE * max(1.0, abs(bound)) else "within"
    return Chosen(candidates=taken, adds=np.array(adds), value=value, cost=cost, bound=bound, how=how)


def _in_order(choices: Choices, chosen: Ints) -> tuple[Ints, list[float]]:
    """Return the chosen, the one that adds most first, and what each adds to those before."""
    seen, left, order, adds = np.zeros(len(choices.weight), np.bool_), list(chosen.tolist()), [], []
    while left:
        gains = [float(choices.weight[own][~seen[own]].sum()) for own in (choices.sees[[one]].indices for one in left)]
        best = int(np.argmax(gains))
        seen[choices.sees[[left[best]]].indices] = True
        order.append(left.pop(best))
        adds.append(gains[best])
    return np.array(order, np.int64), adds
