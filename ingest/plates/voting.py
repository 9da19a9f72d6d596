"""The vote over the frames of one vehicle: each read weighs what it is worth, and its end forgets them all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BEST_PX = 150.0  # Almaty 213, art. 12: a plate is to be 150 px wide and 20 px high
MOST_TEXTS = 12  # that one vehicle may have been read as; what comes beyond is noise
LATE = timedelta(seconds=2)  # a vehicle not met for so long has gone; a camera falls asleep later than that


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Read:
    """What was read off one frame: certainty from 0 to 1, the plate's width in pixels of it. It is never shown."""

    text: str
    certainty: float
    width_px: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decided:
    """What the frames of a vehicle agree on. It is never shown."""

    text: str
    certainty: float
    reads: int
    width_px: float  # of the plate, over those reads


@dataclass(slots=True, repr=False)
class Vote:
    """The reads of one vehicle so far."""

    at: datetime
    tries: int = 0  # looks, with or without a read
    weights: dict[str, float] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)  # of certainties
    counts: dict[str, int] = field(default_factory=dict)
    widths_px: dict[str, float] = field(default_factory=dict)  # sums of them

    def add(self, read: Read, *, least_px: float) -> None:
        """Take a read; one of a plate narrower than `least_px` is not trusted at all."""
        if not read.width_px >= least_px:
            return
        if read.text not in self.weights and len(self.weights) >= MOST_TEXTS:
            return
        weight = read.certainty * min(1.0, read.width_px / BEST_PX)
        self.weights[read.text] = self.weights.get(read.text, 0.0) + weight
        self.sums[read.text] = self.sums.get(read.text, 0.0) + read.certainty
        self.counts[read.text] = self.counts.get(read.text, 0) + 1
        self.widths_px[read.text] = self.widths_px.get(read.text, 0.0) + read.width_px

    @property
    def reads(self) -> int:
        """Return how many reads count."""
        return sum(self.counts.values())

    def outcome(self) -> Decided | None:
        """Return what most of the weight says: as certain as its reads are on average, times its share of all."""
        if not self.weights:
            return None
        text = max(self.weights, key=lambda one: self.weights[one])
        share = self.weights[text] / max(sum(self.weights.values()), 1e-9)
        count = self.counts[text]
        return Decided(
            text=text,
            certainty=self.sums[text] / count * share,
            reads=self.reads,
            width_px=self.widths_px[text] / count,
        )


def is_ripe(vote: Vote, frames: int) -> bool:
    """Say whether a vote may be closed: enough reads that agree, or three times as many looks."""
    outcome = vote.outcome()
    agreed = outcome is not None and vote.reads >= frames and 2 * vote.counts[outcome.text] > vote.reads
    return agreed or vote.tries >= 3 * frames


def gone(votes: dict[int, Vote], now: datetime) -> Iterable[int]:
    """Return the vehicles that have not been met for a while; a clock that jumps makes all of them gone."""
    return [number for number, vote in votes.items() if abs(now - vote.at) > LATE]
