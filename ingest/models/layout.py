"""Layouts: a tensor remembers in which order its axes really lie, so a Transpose costs nothing until needed."""

from dataclasses import dataclass

Order = tuple[int, ...]

IMAGES: Order = (0, 2, 3, 1)  # logical N, H, W, C (TensorFlow's) lying in memory as N, C, H, W (ONNX's)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """An ONNX value: `order[i]` is the stored axis that holds logical axis i."""

    name: str
    order: Order


def plain(rank: int) -> Order:
    """Return the order of a tensor that lies as it is said."""
    return tuple(range(rank))


def transposed(order: Order, permutation: Order) -> Order:
    """Return the order after a logical transpose: new axis i was axis `permutation[i]`. Nothing moves in memory."""
    return tuple(order[axis] for axis in permutation)


def moves(have: Order, want: Order) -> Order:
    """Return the `perm` of an ONNX Transpose that turns a tensor stored as `have` into one stored as `want`."""
    permutation = [0] * len(have)
    for logical, stored in enumerate(want):
        permutation[stored] = have[logical]
    return tuple(permutation)


def stored_axis(order: Order, axis: int) -> int:
    """Return where a logical axis lies; negative axes count from the end."""
    return order[axis % len(order)]
