"""The life of a dispatch (a unit sent to an incident): statuses, and which may follow which."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far a unit is with an incident; the words of EIDO (NENA-STA-021.1)."""

    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    ENROUTE = "enroute"
    STAGING = "staging"
    ONSCENE = "onscene"
    PATIENT = "patient"
    TRANSPORT = "transport"
    AT_DESTINATION = "at_destination"
    HANDOVER = "handover"
    CLEAR = "clear"
    CANCELLED = "cancelled"
    DIVERTED = "diverted"
    REFUSED = "refused"


_S = Status
# dispatched → acknowledged → enroute → [staging] → onscene → [patient] →
# [transport → at_destination → handover] → clear.
# A unit may be called off or sent elsewhere until it has a patient, and refuses before it drives.
NEXT: dict[Status, tuple[Status, ...]] = {
    _S.DISPATCHED: (_S.ACKNOWLEDGED, _S.CANCELLED, _S.DIVERTED, _S.REFUSED),
    _S.ACKNOWLEDGED: (_S.ENROUTE, _S.CANCELLED, _S.DIVERTED, _S.REFUSED),
    _S.ENROUTE: (_S.STAGING, _S.ONSCENE, _S.CANCELLED, _S.DIVERTED),
    _S.STAGING: (_S.ONSCENE, _S.CANCELLED, _S.DIVERTED),
    _S.ONSCENE: (_S.PATIENT, _S.TRANSPORT, _S.CLEAR, _S.CANCELLED, _S.DIVERTED),
    _S.PATIENT: (_S.TRANSPORT, _S.CLEAR),
    _S.TRANSPORT: (_S.AT_DESTINATION,),
    _S.AT_DESTINATION: (_S.HANDOVER,),
    _S.HANDOVER: (_S.CLEAR,),
    _S.CLEAR: (),
    _S.CANCELLED: (),
    _S.DIVERTED: (),
    _S.REFUSED: (),
}
# The index `dispatch_open_idx` of migration 0001 says the same: one open dispatch a unit.
ENDED = frozenset(status for status, following in NEXT.items() if not following)
NEEDS_REASON = frozenset({Status.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The dispatch goes on to this status."""

    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """The dispatch has this status already: said twice, done once."""

    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """The status cannot follow the present one; these can."""

    status: Status
    allowed: tuple[Status, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """It happened, and is kept on the record; the dispatch stands further on already, or is over."""

    status: Status


def is_open(status: Status) -> bool:
    """Say whether the unit is still bound to the incident."""
    return status not in ENDED


def step(present: Status, asked: Status) -> Moved | Stays | Wrong:
    """Decide what an asked status does to a dispatch."""
    if asked is present:
        return Stays(status=present)
    allowed = NEXT[present]
    return Moved(status=asked) if asked in allowed else Wrong(status=present, allowed=allowed)


# What a crew says of itself; called off and sent elsewhere it is by others.
OF_CREW = frozenset(Status) - {_S.DISPATCHED, _S.CANCELLED, _S.DIVERTED}


def happened(present: Status, said: Status, *, late: bool) -> Moved | Stays | Recorded | Wrong:
    """Decide what a step does that is told as a fact: by the crew that took it, or by where its unit is.

    Facts arrive out of order, twice and hours late. One that lies ahead moves the dispatch there, over steps that were
    not told, which may come later; one that lies behind is kept on the record. Nothing ever goes back. A refusal is no
    fact of the way: where it does not fit it is told to whoever presses now, and kept where it comes late.
    """
    if said not in OF_CREW:
        return Wrong(status=present, allowed=next_of_crew(present))
    if said is present:
        return Stays(status=present)
    if said in NEXT[present] or (said is not _S.REFUSED and said in AHEAD[present]):
        return Moved(status=said)
    if said is _S.REFUSED and not late:
        return Wrong(status=present, allowed=next_of_crew(present))
    return Recorded(status=present)


def next_of_crew(present: Status) -> tuple[Status, ...]:
    """Return what a crew's buttons offer."""
    return tuple(status for status in NEXT[present] if status in OF_CREW)


def next_of_desk(present: Status) -> tuple[Status, ...]:
    """Return what a desk may say next: a unit is diverted by sending it elsewhere, not by a word."""
    return tuple(status for status in NEXT[present] if status is not _S.DIVERTED)


def _ahead(status: Status) -> frozenset[Status]:
    found, open_ = set[Status](), [status]
    while open_:
        new = [after for after in NEXT[open_.pop()] if after in OF_CREW and after not in found]
        found.update(new)
        open_ += new
    return frozenset(found)


# What can still be reached from each status by what a crew tells.
AHEAD: dict[Status, frozenset[Status]] = {status: _ahead(status) for status in Status}
