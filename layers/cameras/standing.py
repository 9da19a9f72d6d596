"""At which of its presets a camera that turns stood at a moment, by what it was asked and where it stands now; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

UNSURE = timedelta(seconds=5)  # around a turn: a head goes on a little, and a stream comes late
KEPT = timedelta(days=7)  # of what cameras were asked: before that nobody knows how one stood


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One turn, UTC; `preset` where it ended at one, `done_at` none while it goes on."""

    taken_at: datetime
    done_at: datetime | None
    preset: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What is known of a camera at `asked_at`: its preset, none where it moves; its turns, the oldest first.

    `known` are the presets that show what they showed when people drew in them.
    """

    asked_at: datetime
    preset: str | None = None
    known: frozenset[str] = frozenset()
    turns: tuple[Turned, ...] = ()

    def at(self, moment: datetime) -> str | None:
        """Return the preset that it stood at; None while it was turning, and where nobody knows."""
        preset = None if moment > self.asked_at or self._turning(moment) else self._preset(moment)
        return preset if preset in self.known else None

    def _turning(self, moment: datetime) -> bool:
        return any(
            one.taken_at - UNSURE <= moment and (one.done_at is None or moment <= one.done_at + UNSURE)
            for one in self.turns
        )

    def _preset(self, moment: datetime) -> str | None:
        before = [one for one in self.turns if one.taken_at <= moment]
        if len(before) < len(self.turns):
            return before[-1].preset if before else None
        return self.preset if before or self.asked_at - moment < KEPT else None
