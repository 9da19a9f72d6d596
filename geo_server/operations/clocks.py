"""How long each thing about an incident takes against its target: answer, process, turnout, travel, on scene. Pure.

Answer and process are NFPA 1225's call answering and processing, turnout and travel NFPA 1710's; on scene runs from the
call to the first crew of a service that arrives (for ambulances health ministry order ДСМ-225/2020).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from geo_server.operations.content import Clock as Name
from geo_server.operations.plans import Target
from layers.dispatches.rules import Status
from layers.values import Service, Title

Key = tuple[Name, Service | None]
_CALLED_OFF = frozenset({Status.CANCELLED, Status.DIVERTED, Status.REFUSED})
TITLES: Mapping[Name, Title] = {
    "answer": Title(kk="Жауап беру", ru="Ответ на вызов", en="Answer"),
    "process": Title(kk="Өңдеу", ru="Обработка", en="Processing"),
    "turnout": Title(kk="Шығу", ru="Выезд", en="Turnout"),
    "travel": Title(kk="Жол", ru="Путь", en="Travel"),
    "on_scene": Title(kk="Жету", ru="Прибытие", en="On scene"),
}


class State(StrEnum):
    """How a clock stands: it runs, warns, is over its target while it runs; or it ended, in time or too late."""

    RUNNING = "running"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"
    MISSED = "missed"


# What is looked at first: over the target, then about to be.
_URGENCY = (State.BREACHED, State.WARNED, State.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A unit that was sent, and when (UTC) its steps count as taken; None: not yet."""

    service: Service
    status: Status
    dispatched_at: datetime
    enroute_at: datetime | None = None
    onscene_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Say whether it is to arrive or did; who was called off before that is not waited for."""
        return self.status not in _CALLED_OFF or self.onscene_at is not None

    @property
    def arrived_at(self) -> datetime | None:
        """Return when it arrived; nobody arrives before being sent."""
        return self._after_sent(self.onscene_at)

    @property
    def set_out_at(self) -> datetime | None:
        """Return when it set out, by its arrival at the latest."""
        return _first((self._after_sent(self.enroute_at), self.arrived_at))

    @property
    def drove_from(self) -> datetime | None:
        """Return when its drive began, None where that is not known."""
        return self.set_out_at if self.set_out_at == self.enroute_at else None

    def _after_sent(self, at: datetime | None) -> datetime | None:
        return at if at is not None and at >= self.dispatched_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What happened about an incident, times in UTC; `rang_at` and `answered_at` are of the call that opened it.

    `by_line` says that it came by an exchange: of one that was written down by hand nobody knows how long it rang.
    `asked_at` names targets that were not asked from the beginning, such as those of a service that a raised alarm
    added: they run from then. `ended_at` is when it was closed; `is_void` where it counts for nothing, as a duplicate.
    """

    opened_at: datetime
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    by_line: bool = True
    sent: tuple[Sent, ...] = ()
    asked_at: Mapping[Key, datetime] = field(default_factory=dict)
    ended_at: datetime | None = None
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock: of a service, or of the whole incident; it warns `warn_s` seconds and breaches `target_s` after."""

    name: Name
    service: Service | None
    began_at: datetime
    target_s: float
    warn_s: float
    ended_at: datetime | None
    state: State

    @property
    def title(self) -> Title:
        """Return what it is called."""
        return TITLES[self.name]


def running(facts: Facts, targets: Iterable[Target], now: datetime) -> tuple[Clock, ...]:
    """Return the clocks that have begun, in the order of the targets; one without a target is none.

    Where an incident ends, what ran within its target counts for nothing, and what was over it ended then, too late.
    """
    found = ((target, _span(facts, target)) for target in targets)
    return tuple(_clock(target, *span, now) for target, span in found if span is not None)


def warns_at(target: Target) -> float:
    """Return after how many seconds it warns."""
    return target.seconds * target.warn_share


def most_urgent(clocks: Sequence[Clock], now: datetime) -> Clock | None:
    """Return the running clock that is over its target the longest, or will be the soonest."""
    still = [clock for clock in clocks if clock.ended_at is None]
    return min(still, key=lambda clock: (_URGENCY.index(clock.state), _left_s(clock, now)), default=None)


def _left_s(clock: Clock, now: datetime) -> float:
    return clock.target_s - (now - clock.began_at).total_seconds()


def _clock(target: Target, began: datetime, ended: datetime | None, now: datetime) -> Clock:
    warn_s = warns_at(target)
    took_s = ((ended or now) - began).total_seconds()
    if ended is not None:
        state = State.MET if took_s <= target.seconds else State.MISSED
    elif took_s > target.seconds:
        state = State.BREACHED
    else:
        state = State.WARNED if took_s >= warn_s else State.RUNNING
    return Clock(
        name=target.clock,
        service=target.service,
        began_at=began,
        target_s=target.seconds,
        warn_s=warn_s,
        ended_at=ended,
        state=state,
    )


def _span(facts: Facts, target: Target) -> tuple[datetime, datetime | None] | None:
    """Return when a clock began and ended; None where it has not begun, or counts for nothing."""
    began, ended = _edges(facts, target)
    if began is None or facts.is_void:
        return None
    began = max(began, facts.asked_at.get((target.clock, target.service), began))
    if ended is not None:
        return began, max(began, ended)  # it had happened before it was asked
    if facts.ended_at is None:
        return began, None
    over = began + timedelta(seconds=target.seconds) < facts.ended_at
    return (began, facts.ended_at) if over else None


def _edges(facts: Facts, target: Target) -> tuple[datetime | None, datetime | None]:
    sent = [one for one in facts.sent if target.service in (None, one.service)]
    ours = [one for one in sent if one.counts]
    arrived = _first(one.arrived_at for one in ours)
    match target.clock:
        case "answer":
            return (facts.rang_at, facts.answered_at) if facts.by_line else (None, None)
        case "process":
            return facts.answered_at or facts.rang_at or facts.opened_at, _first(one.dispatched_at for one in sent)
        case "turnout":
            return _first(one.dispatched_at for one in ours), _first(one.set_out_at for one in ours)
        case "travel":
            return _travel(_first(one.drove_from for one in ours), arrived)
        case "on_scene":
            return facts.rang_at or facts.opened_at, arrived


def _travel(began: datetime | None, arrived: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Return the drive; that of a crew which arrived before anyone is known to have set out is not known."""
    return (None, None) if began is not None and arrived is not None and arrived < began else (began, arrived)


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
