"""What the keeper of the cluster and its shards tell each other: a few numbers, never a frame."""

from dataclasses import dataclass

BEAT_S = 0.5  # how often the keeper asks each shard whether it lives
SILENT_S = 4.0  # who has not answered for so long is not waited for: its cameras move


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """To a shard: the epochs by camera of the leases of the one that bears this name."""

    name: str
    epochs: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """From a shard: its name, which is new each time it starts, its process and the node it runs on."""

    name: str
    pid: int
    node: str
