"""The question and its answer: candidates with what each would see, at a price, and those that were chosen."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
How = Literal["optimal", "within", "greedy"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """n candidates over m places: `sees` is n x m of zeros and ones, `weight` what a place counts, `cost` a price.

    Of candidates of one `group` one may be chosen: they are ways to hang a camera at one spot. Places that some camera
    sees already are left out, or weigh nothing.
    """

    sees: sparse.csr_array
    weight: Floats
    cost: Floats
    group: Ints

    @classmethod
    def of(cls, seen: list[Ints], weight: Floats, cost: Floats, group: Ints | None = None) -> Self:
        """Take the places that each candidate sees, by their numbers; ValueError where prices are not above zero."""
        if not (np.isfinite(cost).all() and (cost > 0).all() and np.isfinite(weight).all() and (weight >= 0).all()):
            raise ValueError("Prices have to be above zero, and weights no less than zero.")
        begins = np.cumsum([0, *(len(one) for one in seen)])
        members = np.concatenate([*seen, np.empty(0, np.int64)]).astype(np.int64)
        sees = sparse.csr_array((np.ones(len(members)), members, begins), shape=(len(seen), len(weight)))
        groups = np.arange(len(seen)) if group is None else group
        return cls(sees=sees, weight=weight, cost=cost, group=groups)

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.cost)

    def gained(self, chosen: Ints) -> float:
        """Return what is seen by some of these candidates, by weight."""
        seen = np.unique(self.sees[chosen].indices) if len(chosen) else np.empty(0, np.int64)
        return float(self.weight[seen].sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The candidates, the most useful first, with what each adds; `value` in all, at a `cost`.

    `bound` is what no choice can pass: more value for the budget, or less cost for the wanted value. `how` says whether
    that is proven to be reached, is within what was asked for, or is what greed guarantees (Nemhauser et al. 1978).
    """

    candidates: Ints
    adds: Floats
    value: float
    cost: float
    bound: float
    how: How
