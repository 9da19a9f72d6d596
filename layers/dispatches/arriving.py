"""What a unit's position says about its dispatch: that it has set out, that it has arrived. It only proposes. Pure.

A person's button is the truth of the record; a receiver wanders, and a car that passes a scene is not there.
"""

from dataclasses import dataclass
from datetime import datetime

from layers.dispatches.rules import AHEAD, Status
from layers.dispatches.schema import NewProposal
from layers.near import apart_m
from layers.values import LonLat

SET_OUT_M = 150.0  # farther from where it was sent than this: it has left its station
THERE_M = 100.0
THERE_KMH = 5.0
THERE_S = 20.0


WANDER_M = 10.0  # a receiver that lies still tells places so far apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where the unit of a dispatch is: metres from where it was sent (None: nobody knew), metres to the incident.

    `speed_kmh` is as its device tells it: one that tells none is kept with 0.
    """

    dispatch_id: int
    incident_id: int
    unit_id: int
    status: Status
    at: datetime
    place: LonLat
    speed_kmh: float
    gone_m: float | None
    left_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Since when a unit stands at its incident, by its tracker's clock, and where it stood then."""

    since: datetime
    place: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look found: what is to be proposed, and the unit's stay at the incident, if it stands there."""

    proposal: NewProposal | None
    stay: Stay | None


def look(seen: Seen, before: Stay | None) -> Looked:
    """Say what a position means; `before` is the stay that the look before answered.

    Arriving counts before setting out: a crew that forgot both buttons is asked one thing. It arrived when it began to
    stand there, not when that was sure.
    """
    stay = _stay(seen, before)
    if stay is not None and (seen.at - stay.since).total_seconds() >= THERE_S:
        return Looked(proposal=_proposal(seen, Status.ONSCENE, seen.left_m, stay.since), stay=stay)
    if seen.gone_m is not None and seen.gone_m > SET_OUT_M:
        return Looked(proposal=_proposal(seen, Status.ENROUTE, seen.gone_m, seen.at), stay=stay)
    return Looked(proposal=None, stay=stay)


def _stay(seen: Seen, before: Stay | None) -> Stay | None:
    if seen.left_m >= THERE_M or seen.speed_kmh >= THERE_KMH:
        return None
    if before is not None and not _drove(before, seen):
        return before
    return Stay(since=seen.at, place=seen.place)


def _drove(before: Stay, seen: Seen) -> bool:
    """Say whether the places themselves tell that it drove on since: not every phone tells its speed."""
    moved_m, seconds = apart_m(before.place, seen.place), (seen.at - before.since).total_seconds()
    return moved_m > WANDER_M and moved_m * 3.6 >= THERE_KMH * seconds


def _proposal(seen: Seen, status: Status, metres: float, at: datetime) -> NewProposal | None:
    if status not in AHEAD[seen.status]:
        return None
    return NewProposal(dispatch_id=seen.dispatch_id, status=status, at=at, metres=metres)
