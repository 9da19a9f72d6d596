"""What whoever keeps the shards and a shard tell each other: lines of JSON."""

from dataclasses import dataclass

from ingest.shards.counts import Sample

BEAT_S = 1.0  # how often a shard says that it lives
COUNTED_BEATS = 2  # and every how many of these beats what it has counted
SILENT_S = 30.0  # one that has not for so long hangs


STUCK_S = 20.0  # a worker that holds one frame for so long will never be done with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The cameras that are a shard's own from now on, by id; where machines share them, with their leases' epochs."""

    cameras: list[int]
    epochs: dict[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A shard lives; or it ends, for it is `stuck` on a frame of that camera. `counts`: all since it began."""

    stuck: int | None = None
    counts: list[Sample] | None = None
