"""Which camera runs in which shard, and what becomes of those that were in one that died; pure.

A stream is hostile input, and a fault in a decoder ends its process. A shard that dies once begins again as it was. One
that dies again soon is halved: each half runs apart, and so on, until the camera that breaks its reader is alone; one
that its shard named as it died is alone at once. It is tried again ever more rarely; all others are back among
themselves once they were quiet for a while.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SOON_S = 600.0  # a second death within so long is no accident
QUIET_S = 60.0  # who ran apart for so long without a death is cleared
LEAST_PAUSE_S, MOST_PAUSE_S = 30.0, 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Suspects that run in a shard of their own: from when on, and how often these very ones saw theirs die."""

    cameras: frozenset[int]
    from_s: float
    deaths: int = 1

    def runs(self, now_s: float) -> bool:
        """Say whether they are being tried, rather than held back."""
        return now_s >= self.from_s

    def is_cleared(self, now_s: float) -> bool:
        """Say whether they have been quiet for long enough."""
        return now_s >= self.from_s + QUIET_S


def shared_out(cameras: Iterable[int], before: Mapping[int, int], shards: int) -> dict[int, int]:
    """Return each camera's shard, counted from 0: where it was, or where there are fewest. None moves needlessly."""
    wanted = sorted(set(cameras))
    where = {camera: before[camera] for camera in wanted if before.get(camera, shards) < shards}
    load = Counter(dict.fromkeys(range(shards), 0)) + Counter(where.values())
    held = {shard: load[shard] for shard in range(shards)}
    for camera in wanted:
        if camera not in where:
            where[camera] = min(held, key=lambda shard: (held[shard], shard))
            held[where[camera]] += 1
    return where


def after_death(cameras: frozenset[int], now_s: float, *, deaths: int = 0) -> tuple[Apart, ...]:
    """Return how cameras go on whose shard has died: in two halves at once, or, one alone, after a pause."""
    if not cameras:
        return ()
    if len(cameras) == 1:
        pause_s = min(MOST_PAUSE_S, LEAST_PAUSE_S * 2**deaths)
        return (Apart(cameras=cameras, from_s=now_s + pause_s, deaths=deaths + 1),)
    ordered = sorted(cameras)
    halves = ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]
    return tuple(Apart(cameras=frozenset(half), from_s=now_s) for half in halves)
