"""The life of a call: it rings, is answered and ends on the line, and a person says what became of it (NENA-STA-021.1).

The line and the desk are told apart: a caller hangs up while the dispatcher still writes, and exchanges repeat
themselves and mix up their order.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    """Where the line stands; it goes forward alone."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a call."""

    NEW_INCIDENT = "new_incident"
    DUPLICATE = "duplicate"
    TRANSFERRED = "transferred"
    NO_ACTION = "no_action"
    ABANDONED = "abandoned"
    TEST = "test"


OF_INCIDENT = frozenset({Outcome.NEW_INCIDENT, Outcome.DUPLICATE})
SAYS_WHY = frozenset({Outcome.TRANSFERRED, Outcome.NO_ACTION})  # to whom, and why not: the archive keeps it
_ORDER = (State.RINGING, State.ANSWERED, State.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A call as the rules see it; `decided_by` is None where the line alone said what became of it."""

    state: State
    outcome: Outcome | None = None
    incident_id: int | None = None
    answered_by: str | None = None
    decided_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Say whether somebody has still to do something about it."""
        return self.state is not State.ENDED or self.outcome is None


Why = Literal[
    "call_answered",
    "call_ended",
    "call_decided",
    "call_has_incident",
    "outcome_of_incident",
    "outcome_needs_incident",
    "reason_needed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What was asked cannot be, and why."""

    why: Why


def begins(said: State) -> Standing:
    """Return a call that is first heard of in this state: what an exchange missed to tell is made up for."""
    return heard(Standing(state=State.RINGING), said)


def heard(present: Standing, said: State) -> Standing:
    """Return the call after the exchange said where its line stands; what comes late, or twice, takes nothing back."""
    if said is State.ANSWERED and present.outcome is Outcome.ABANDONED and present.decided_by is None:
        return replace(present, outcome=None)  # somebody took it after all: that it ended was told before
    if _ORDER.index(said) <= _ORDER.index(present.state):
        return present
    hung_up = present.state is State.RINGING and said is State.ENDED
    return replace(present, state=said, outcome=Outcome.ABANDONED if hung_up else present.outcome)


def answer(present: Standing, who: str) -> Standing | Refused:
    """Return the call taken by a dispatcher; taken again by the same one it stays, another is told who was first."""
    if present.answered_by == who:
        return present
    if present.answered_by is not None:
        return Refused(why="call_answered")
    if present.state is State.ENDED:
        return Refused(why="call_ended")
    return replace(present, state=State.ANSWERED, answered_by=who)


def link(present: Standing, incident_id: int, outcome: Outcome, who: str) -> Standing | Refused:
    """Return the call as the one that opened an incident, or that told of one once more.

    One that was set aside or given up may still turn out to be one; one that belongs to an incident stays with it.
    Whoever opens from a call that rings has thereby taken it.
    """
    if present.incident_id == incident_id and present.outcome is outcome:
        return present
    if present.incident_id is not None:
        return Refused(why="call_has_incident")
    taken = present
    if present.state is State.RINGING:
        taken = replace(present, state=State.ANSWERED, answered_by=who)
    return replace(taken, incident_id=incident_id, outcome=outcome, decided_by=who)


def hand(present: Standing) -> Standing | Refused:
    """Return the call as another area gets it: the line stays as it is, and somebody there has still to take it.

    One that belongs to an incident, or that is over, stays where it is.
    """
    if present.incident_id is not None:
        return Refused(why="call_has_incident")
    if not present.is_open:
        return Refused(why="call_decided")
    return replace(present, answered_by=None)


def end(present: Standing, outcome: Outcome, who: str, reason: str | None) -> Standing | Refused:
    """Return the call ended by a dispatcher; an incident is opened or joined first, and then the outcome is that."""
    if present.incident_id is not None:
        same = outcome is present.outcome
        return replace(present, state=State.ENDED) if same else Refused(why="outcome_of_incident")
    if outcome in OF_INCIDENT:
        return Refused(why="outcome_needs_incident")
    if outcome in SAYS_WHY and not reason:
        return Refused(why="reason_needed")
    return replace(present, state=State.ENDED, outcome=outcome, decided_by=who)
