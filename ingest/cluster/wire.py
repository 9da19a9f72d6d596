"""What the keeper of the cluster and its shards tell each other: a few numbers, never a frame."""

from dataclasses import dataclass

BEAT_S = 0.5  # how often the keeper asks each shard whether it lives
SILENT_S = 4.0  # who has not answered, or not reached the store, for so long is not waited for: its cameras move
CUT_OFF_S = 8.0  # a shard that neither hears the keeper nor reaches the store for so long runs nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """To a shard: the epochs by camera of the leases of the one that bears this name."""

    name: str
    epochs: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """From a shard: its name, which is new each time it starts, its process, the node it runs on, and its store.

    `store` is the store that it writes to; None while it does not reach it.
    """

    name: str
    pid: int
    node: str
    store: str | None
