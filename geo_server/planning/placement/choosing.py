"""Choosing: exactly where that is quick enough, greedily where it is not, and always with the bound."""

from geo_server.planning.placement import exact, greedy
from geo_server.planning.placement.choices import Choices, Chosen

MOST_SIGHTS = 150_000  # of a place by a candidate: beyond that HiGHS does not come near within half a minute
SECONDS, GAP = 15.0, 0.005


def for_budget(choices: Choices, budget: float, *, seconds: float = SECONDS) -> Chosen:
    """Choose what sees most for a budget, in the unit of the prices."""
    quick = greedy.for_budget(choices, budget)
    if choices.sees.nnz > MOST_SIGHTS or quick.value >= quick.bound * (1 - GAP):
        return quick
    found = exact.for_budget(choices, budget, seconds=seconds, gap=GAP)
    return quick if found is None or found.value < quick.value else found


def for_value(choices: Choices, value: float, *, seconds: float = SECONDS) -> Chosen:
    """Choose the cheapest that sees so much by weight; what all together do not see nobody promises."""
    quick = greedy.for_value(choices, value)
    reached = quick.value >= value  # where one of a group is to be taken, greed may take the wrong one
    if choices.sees.nnz > MOST_SIGHTS or (reached and quick.cost <= quick.bound * (1 + GAP)):
        return quick
    found = exact.for_value(choices, value, seconds=seconds, gap=GAP)
    return quick if found is None or (reached and found.cost > quick.cost) else found
