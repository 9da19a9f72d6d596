"""What whoever keeps the shards tells one: a line of JSON."""

from dataclasses import dataclass

BEAT_S = 1.0  # how often a shard says that it lives
SILENT_S = 30.0  # one that has not for so long hangs


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The cameras that are a shard's own from now on, by id; where machines share them, with their leases' epochs."""

    cameras: list[int]
    epochs: dict[int, int] | None = None
