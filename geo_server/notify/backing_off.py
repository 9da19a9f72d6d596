"""When a try that failed is made again; pure but for its jitter."""

import random

FIRST_S, LONGEST_S = 2.0, 300.0


def wait_s(attempts: int, after_s: float | None = None) -> float:
    """Return the seconds to wait after so many tries: doubling, a random half of it, and no less than was asked for.

    The randomness spreads what a gateway that was away is asked all at once when it is back.
    """
    longest = min(LONGEST_S, FIRST_S * 2.0 ** min(max(attempts - 1, 0), 10))
    waits = longest * random.uniform(0.5, 1.0)
    return max(waits, min(after_s or 0.0, LONGEST_S))
