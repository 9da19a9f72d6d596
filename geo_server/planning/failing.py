"""What fails together: a camera by itself, or all of one pole, one node that feeds them, one link."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

By = Literal["camera", "pole", "node", "link"]
BY: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Ways in which n cameras fail together: of each, the names of its groups, and the number of each camera's.

    `number`, n x ways, counts from 1; 0 is a camera that hangs on no pole, node or link that anybody knows.
    """

    ways: tuple[By, ...]
    names: tuple[tuple[str, ...], ...]
    number: NDArray[np.uint16]

    @classmethod
    def of(cls, named: Sequence[Sequence[str | None]]) -> Self:
        """Take the names of each way, a column a way in the order of BY; one that nobody has is left out."""
        found: list[tuple[By, tuple[str, ...], list[int]]] = [
            (by, *_numbered(names)) for by, names in zip(BY, named, strict=True) if by == "camera" or any(names)
        ]
        return cls(
            ways=tuple(by for by, _, _ in found),
            names=tuple(names for _, names, _ in found),
            number=np.array([number for _, _, number in found], np.uint16).reshape(len(found), len(named[0])).T.copy(),
        )

    def only(self, rows: NDArray[np.int64]) -> "Groups":
        """Return those of some cameras, in that order; the numbers stay."""
        return Groups(ways=self.ways, names=self.names, number=np.ascontiguousarray(self.number[rows]))


def _numbered(names: Sequence[str | None]) -> tuple[tuple[str, ...], list[int]]:
    known = {name: number for number, name in enumerate(sorted({name for name in names if name}), 1)}
    return tuple(known), [known[name] if name else 0 for name in names]
