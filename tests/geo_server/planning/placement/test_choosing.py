"""What is chosen keeps the budget, is the best where that is proven, and is never above its bound."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.planning.placement import exact, greedy
from geo_server.planning.placement.choices import Choices, Ints
from geo_server.planning.placement.choosing import for_budget, for_value


def choices(
    seen: Sequence[Sequence[int]], weight: Sequence[float], cost: Sequence[float], group: Sequence[int] | None = None
) -> Choices:
    sights = [np.array(one, np.int64) for one in seen]
    groups = None if group is None else np.array(group)
    return Choices.of(sights, np.array(weight, np.float64), np.array(cost, np.float64), groups)


@st.composite
def small(draw: st.DrawFn) -> Choices:
    """Up to seven candidates over up to eight places, some at one spot."""
    places, count = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    seen = [draw(st.lists(st.integers(0, places - 1), unique=True)) for _ in range(count)]
    weight = [draw(st.integers(0, 9)) for _ in range(places)]
    cost = [draw(st.integers(1, 5)) for _ in range(count)]
    return choices(seen, weight, cost, [draw(st.integers(0, count - 1)) for _ in range(count)])


def allowed(asked: Choices) -> list[Ints]:
    """Return every choice that takes one of each group at most."""
    every = range(len(asked))
    subsets = (np.array(taken, np.int64) for size in range(len(asked) + 1) for taken in combinations(every, size))
    return [taken for taken in subsets if len(set(asked.group[taken].tolist())) == len(taken)]


@settings(deadline=None)
@given(small(), st.integers(0, 12))
def test_for_a_budget_the_best_is_found_and_greed_is_under_the_bound(asked: Choices, budget: int) -> None:
    best = max(asked.gained(taken) for taken in allowed(asked) if asked.cost[taken].sum() <= budget)
    quick, proven = greedy.for_budget(asked, budget), exact.for_budget(asked, budget, seconds=10)
    assert proven is not None and proven.value == pytest.approx(best) and proven.how == "optimal"
    assert quick.value <= best + 1e-9 <= quick.bound + 1e-6
    for found in (quick, proven):
        assert found.cost <= budget + 1e-9
        assert found.value == pytest.approx(asked.gained(found.candidates)) == pytest.approx(found.adds.sum())
        assert len(set(asked.group[found.candidates].tolist())) == len(found.candidates)


@settings(deadline=None)
@given(small(), st.integers(0, 30))
def test_for_a_value_the_cheapest_is_found_and_greed_is_over_the_bound(asked: Choices, value: int) -> None:
    prices = [asked.cost[taken].sum() for taken in allowed(asked) if asked.gained(taken) >= value]
    proven = exact.for_value(asked, value, seconds=10)
    if not prices:
        assert proven is None
        return
    quick = greedy.for_value(asked, value)
    assert proven is not None and proven.cost == pytest.approx(min(prices)) and proven.value >= value - 1e-6
    assert quick.bound <= min(prices) + 1e-6
    found = for_value(asked, value)
    assert found.cost >= min(prices) - 1e-9 and found.value >= value - 1e-6


def test_greed_alone_misses_what_the_exact_choice_finds() -> None:
    asked = choices([[0, 1, 2, 3], [0, 1, 4], [2, 3, 5]], [1, 1, 1, 1, 1, 1], [1, 1, 1])
    assert greedy.for_budget(asked, 2).value == 5
    assert for_budget(asked, 2).value == 6


def test_one_dear_candidate_that_sees_all_is_better_than_a_cheap_one_that_pays_more() -> None:
    asked = choices([[0], list(range(1, 100))], [1.0] * 100, [0.01, 10.0])
    assert greedy.for_budget(asked, 10.0).value == 99


def test_without_candidates_nothing_is_chosen() -> None:
    found = for_budget(choices([], [1.0], []), 5)
    assert len(found.candidates) == 0 and found.value == 0 and found.bound == 0


def test_a_price_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        choices([[0]], [1.0], [0.0])


def test_where_one_of_a_group_is_taken_greed_does_not_take_the_one_that_is_too_little() -> None:
    asked = choices([[0], [0, 1]], [2.0, 1.0], [1.0, 2.0], [0, 0])
    assert greedy.for_value(asked, 3.0).value == 2.0
    assert for_value(asked, 3.0).candidates.tolist() == [1]
