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


def is_open(status: Status) -> bool:
    """Say whether the unit is still bound to the incident."""
    return status not in ENDED


def step(present: Status, asked: Status) -> Moved | Stays | Wrong:
    """Decide what an asked status does to a dispatch."""
    if asked is present:
        return Stays(status=present)
    allowed = NEXT[present]
    return Moved(status=asked) if asked in allowed else Wrong(status=present, allowed=allowed)
