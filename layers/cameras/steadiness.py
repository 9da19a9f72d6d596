"""How far a camera's picture may move: with what watches through it (Almaty 213, art. 8.1, 11.6, 12.7)."""

from collections.abc import Set as AbstractSet

LIMIT_PERCENT, STRICT_PERCENT = 1.0, 0.5  # of the frame's sides
STRICT = frozenset(  # what reads plates or watches persons bears half as much
    {"plate_read", "person_down", "crowd_gathering", "overcrowding", "loitering", "counting", "fall_into_water"}
)


def limit_for(limit_percent: float | None, functions: AbstractSet[str]) -> float:
    """Return the percent of its sides that a camera's picture may move, with what watches through it."""
    if limit_percent is not None:
        return limit_percent
    return STRICT_PERCENT if functions & STRICT else LIMIT_PERCENT
